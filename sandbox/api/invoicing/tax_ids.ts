import type { Stripe } from "stripe";
import { addTaxId, removeTaxId } from "../../engine/invoicing/tax_ids.ts";
import { resourceMissing } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { WireCustomer, WireTaxId } from "../../state/wire.ts";
import { customerOf } from "../customers.ts";
import { PAGE, page } from "../listing.ts";
import { hash, oneOf, required, type ShapeOf, text } from "../params.ts";
import { type Route, route } from "../route.ts";

const PATH = "/v1/customers/:id/tax_ids";

export const taxIdRoutes: Route[] = [
  route("GET", "/v1/tax_ids", {
    params: {
      ...PAGE,
      owner: hash({
        type: required(oneOf("account", "application", "customer", "self")),
        account: text,
        customer: text,
        customer_account: text,
      }),
    } satisfies ShapeOf<Stripe.TaxIdListParams>,
    returns: "list:tax_id",
    handle: ({ tx, params: { owner, ...wanted } }) => {
      const { customer } = owner ?? {};
      // Only customers have some here: the account itself has none.
      const owned =
        customer === undefined ? [] : taxIdsOf(tx, customerOf(tx, customer, "owner[customer]"));
      return page("/v1/tax_ids", owned, wanted);
    },
  }),
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
      page(`/v1/customers/${id}/tax_ids`, taxIdsOf(tx, customerOf(tx, id)), params),
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

function taxIdsOf(tx: Transaction, customer: WireCustomer): WireTaxId[] {
  return tx.state.taxIds.of(customer.id).reverse();
}

function taxIdOf(tx: Transaction, customer: string, id: string): WireTaxId {
  const taxId = tx.state.taxIds.get(id);
  if (taxId === undefined || taxId.customer !== customerOf(tx, customer).id) {
    throw resourceMissing("tax_id", id);
  }
  return taxId;
}
