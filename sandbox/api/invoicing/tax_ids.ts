import type { Stripe } from "stripe";
import { addTaxId, removeTaxId } from "../../engine/invoicing/tax_ids.ts";
import { resourceMissing } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { WireTaxId } from "../../state/wire.ts";
import { customerOf } from "../customers.ts";
import { PAGE, page } from "../listing.ts";
import { required, type ShapeOf, text } from "../params.ts";
import { type Route, route } from "../route.ts";

const PATH = "/v1/customers/:id/tax_ids";

export const taxIdRoutes: Route[] = [
  route("POST", PATH, {
    params: {
      type: required(text),
      value: required(text),
    } satisfies ShapeOf<Stripe.CustomerCreateTaxIdParams>,
    returns: "tax_id",
    handle: ({ tx, id, params }) => addTaxId(tx, customerOf(tx, id), params),
  }),
  route("GET", PATH, {
    params: PAGE,
    returns: "list:tax_id",
    handle: ({ tx, id, params }) =>
      page(
        `/v1/customers/${id}/tax_ids`,
        tx.state.taxIds.of(customerOf(tx, id).id).reverse(),
        params,
      ),
  }),
  route("GET", `${PATH}/:second`, {
    params: {},
    returns: "tax_id",
    handle: ({ tx, id, second }) => taxIdOf(tx, id, second),
  }),
  route("DELETE", `${PATH}/:second`, {
    params: {},
    returns: "deleted",
    handle: ({ tx, id, second }) => {
      removeTaxId(tx, taxIdOf(tx, id, second));
      return { id: second, object: "tax_id", deleted: true } satisfies Stripe.DeletedTaxId;
    },
  }),
];

function taxIdOf(tx: Transaction, customer: string, id: string): WireTaxId {
  const taxId = tx.state.taxIds.get(id);
  if (taxId === undefined || taxId.customer !== customerOf(tx, customer).id) {
    throw resourceMissing("tax_id", id);
  }
  return taxId;
}
