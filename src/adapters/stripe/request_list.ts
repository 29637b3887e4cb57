import type { Stripe } from "stripe";

/**
 * Asks for a page of a list as stripe-node's own method for it does, but without what nobody here
 * needs: a description of the answer that is made with each call, objects for its decimals, and
 * iterators over further pages.
 *
 * @param path such as `/v1/invoices`
 * @param params as stripe-node's method takes them; dates are not among them
 */
export function requestList(stripe: Stripe, path: string, params: object): Promise<unknown> {
  const query = Object.entries(params).flatMap(([name, value]) => pairsOf(name, value));
  return stripe.rawRequest("GET", `${path}?${query.join("&")}`);
}

/** Parameters as Stripe reads them: `expand[0]`, `created[gte]`. */
function pairsOf(name: string, value: unknown): string[] {
  if (value === undefined) {
    return [];
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => pairsOf(`${name}[${key}]`, inner))
    : [`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`];
}
