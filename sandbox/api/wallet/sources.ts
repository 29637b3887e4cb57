import type { Stripe } from "stripe";
import { resourceMissing } from "../../engine/request_error.ts";
import { emitChange, type Transaction } from "../../engine/transaction.ts";
import { addSource, cardOfSource, deleteSource } from "../../engine/wallet/sources.ts";
import type { WireCard } from "../../state/wire.ts";
import { customerOf } from "../customers.ts";
import { PAGE, page } from "../listing.ts";
import {
  between,
  given,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  type ShapeOf,
  text,
} from "../params.ts";
import { type Route, route } from "../route.ts";

const PATH = "/v1/customers/:id/sources";

const CHANGES = {
  address_city: text,
  address_country: text,
  address_line1: text,
  address_line2: text,
  address_state: text,
  address_zip: text,
  exp_month: between(1, 12),
  exp_year: between(1970, 9999),
  metadata,
  name: text,
};

/** The cards of customers by their older way, sources; there are no others. */
export const sourceRoutes: readonly Route[] = [
  route("POST", PATH, {
    params: {
      source: required(text),
      metadata,
    } satisfies ShapeOf<Stripe.CustomerCreateSourceParams>,
    returns: "card",
    handle: ({ tx, id, params }) => {
      const card = cardOfSource(params.source);
      const source = addSource(tx, customerOf(tx, id), { card });
      source.metadata = mergeMetadata({}, params.metadata);
      return source;
    },
  }),
  route("GET", PATH, {
    params: {
      ...PAGE,
      object: oneOf("bank_account", "card"),
    } satisfies ShapeOf<Stripe.CustomerListSourcesParams>,
    returns: "list:card",
    handle: ({ tx, params, id }) => {
      const cards = tx.state.cards.of(customerOf(tx, id).id).reverse();
      return page(`/v1/customers/${id}/sources`, params.object === "bank_account" ? [] : cards, {
        ...params,
      });
    },
  }),
  route("GET", `${PATH}/:second`, {
    params: {} satisfies ShapeOf<Stripe.CustomerRetrieveSourceParams>,
    returns: "card",
    handle: ({ tx, id, second }) => sourceOf(tx, id, second),
  }),
  route("POST", `${PATH}/:second`, {
    params: CHANGES satisfies ShapeOf<Stripe.CustomerUpdateSourceParams>,
    returns: "card",
    handle: ({ tx, id, second, params: { metadata: change, ...fields } }) => {
      const source = sourceOf(tx, id, second);
      emitChange(tx, "customer.source.updated", source, (changed) => {
        Object.assign(changed, given(fields));
        changed.metadata = mergeMetadata(changed.metadata ?? {}, change);
      });
      const { exp_month, exp_year } = fields;
      Object.assign(
        tx.state.paymentMethods.get(second)?.card ?? {},
        given({ exp_month, exp_year }),
      );
      return source;
    },
  }),
  route("DELETE", `${PATH}/:second`, {
    params: {} satisfies ShapeOf<Stripe.CustomerDeleteSourceParams>,
    returns: "deleted",
    handle: ({ tx, id, second }) => {
      deleteSource(tx, customerOf(tx, id), sourceOf(tx, id, second));
      return { id: second, object: "card", deleted: true };
    },
  }),
];

function sourceOf(tx: Transaction, customer: string, id: string): WireCard {
  const source = tx.state.cards.get(id);
  if (source === undefined || source.customer !== customerOf(tx, customer).id) {
    throw resourceMissing("source", id);
  }
  return source;
}
