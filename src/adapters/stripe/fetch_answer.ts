/**
 * Calls `fetch` in a way that is safe for stripe-node. It follows no redirects: Stripe sends none,
 * and the secret key must not go elsewhere. It drops a body that is not a JSON object: over one
 * like `"ok"`, stripe-node leaves its promise pending and a rejection unhandled, which ends the
 * process.
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
