import type { Stripe } from "stripe";
import type { State } from "../../state/state.ts";
import { newestFirst } from "../listing.ts";
import { between, integer, required, type ShapeOf, text } from "../params.ts";
import { type Route, route } from "../route.ts";
import { parseQuery } from "./search_query.ts";

/** What can be searched; these routes come before those of one object, which take any id. */
export const searchRoutes: Route[] = [
  search("charges", "charge", (state) => state.charges),
  search("customers", "customer", (state) => state.customers),
  search("invoices", "invoice", (state) => state.invoices),
  search("payment_intents", "payment_intent", (state) => state.paymentIntents),
  search("prices", "price", (state) => state.prices),
  search("products", "product", (state) => state.products),
  search("subscriptions", "subscription", (state) => state.subscriptions),
];

function search(
  resource: string,
  type: string,
  tableOf: (state: State) => Map<string, object>,
): Route {
  const path = `/v1/${resource}/search`;
  return route("GET", path, {
    params: {
      limit: between(1, 100),
      page: integer,
      query: required(text),
    } satisfies ShapeOf<Stripe.CustomerSearchParams>,
    returns: `list:${type}`,
    handle: ({ tx, params }) => {
      const found = [...newestFirst(tableOf(tx.state), parseQuery(resource, params.query))];
      const start = Math.max(0, params.page ?? 0);
      const end = start + (params.limit ?? 10);
      return {
        object: "search_result",
        url: path,
        has_more: end < found.length,
        next_page: end < found.length ? String(end) : null,
        data: found.slice(start, end),
      };
    },
  });
}
