/**
 * `fetch` as stripe-node can bear it. Redirects are not followed: Stripe sends none, and the
 * secret key must not go elsewhere. A body that is no JSON object is dropped: over one like
 * `"ok"` stripe-node leaves its promise pending and a rejection unhandled, which ends a process.
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
