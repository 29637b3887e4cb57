import type { Stripe } from "stripe";
import { resourceMissing } from "../../engine/request_error.ts";
import { created, PAGE, page } from "../listing.ts";
import { hash, type ShapeOf, text } from "../params.ts";
import { type Route, route } from "../route.ts";

/**
 * Lists of what the sandbox has none of, for which clients ask beside what they are after: connected
 * accounts, features of products, tax ids of the account itself; and the tax
 * ids of customers by that way.
 */
export const emptyListRoutes: readonly Route[] = [
  route("GET", "/v1/accounts", {
    params: { ...PAGE, created } satisfies ShapeOf<Stripe.AccountListParams>,
    returns: "list:account",
    handle: ({ params }) => page("/v1/accounts", [], params),
  }),
  route("GET", "/v1/tax_ids", {
    params: {
      ...PAGE,
      owner: hash({ account: text, customer: text, customer_account: text, type: text }),
    } satisfies ShapeOf<Stripe.TaxIdListParams>,
    returns: "list:tax_id",
    handle: ({ tx, params }) => {
      const found = tx.state.taxIds.of(params.owner?.customer ?? "").reverse();
      return page("/v1/tax_ids", found, params);
    },
  }),
  route("GET", "/v1/tax_ids/:id", {
    params: {} satisfies ShapeOf<Stripe.TaxIdRetrieveParams>,
    returns: "tax_id",
    handle: ({ tx, id }) => {
      const found = tx.state.taxIds.get(id);
      if (found === undefined) {
        throw resourceMissing("tax id", id);
      }
      return found;
    },
  }),
  route("GET", "/v1/products/:id/features", {
    params: { ...PAGE } satisfies ShapeOf<Stripe.ProductListFeaturesParams>,
    returns: "list:product_feature",
    handle: ({ tx, params, id }) => {
      if (!tx.state.products.has(id)) {
        throw resourceMissing("product", id);
      }
      return page(`/v1/products/${id}/features`, [], params);
    },
  }),
];
