/**
 * `fetch` as stripe-node can bear it. Redirects are not followed: Stripe sends none, and the
 * secret key must not go elsewhere. A body that is no JSON object becomes an empty one, because
 * stripe-node never settles, and ends the process, over a JSON text like `"ok"`.
 */
export async function fetchAnswer(
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: "manual" });
  const text = await response.text();
  const { status, headers } = response;
  return new Response(/^\s*\{/.test(text) ? text : null, { status, headers });
}
