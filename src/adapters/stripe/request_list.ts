import type { Stripe } from "stripe";

/**
 * Asks for a page of a list as stripe-node's own method for it does, but does without what nobody
 * here reads and what takes as long as all else that it does: descriptions of the answer, objects for
 * its decimals, and iterators over further pages.
 *
 * @param path such as `/v1/invoices`
 * @param params as stripe-node's method takes them; dates are not among them
 */
export function requestList(stripe: Stripe, path: string, params: object): Promise<unknown> {
  const query = Object.entries(params).flatMap(([name, value]) => pairsOf(name, value));
  return stripe.rawRequest("GET", `${path}?${new URLSearchParams(query)}`);
}

/** Parameters as Stripe reads them: `expand[0]`, `created[gte]`. */
function pairsOf(name: string, value: unknown): [string, string][] {
  if (value === undefined) {
    return [];
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => pairsOf(`${name}[${key}]`, inner))
    : [[name, String(value)]];
}
