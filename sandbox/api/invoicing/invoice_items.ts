import type { Stripe } from "stripe";
import { removeLine } from "../../engine/invoicing/invoice_items.ts";
import { invalidRequest, resourceMissing } from "../../engine/request_error.ts";
import { emit, type Transaction } from "../../engine/transaction.ts";
import type { WireInvoiceItem } from "../../state/wire.ts";
import { created, inRange, matches, newestFirst, PAGE, page } from "../listing.ts";
import { flag, type ShapeOf, text } from "../params.ts";
import { type Route, route } from "../route.ts";
import {
  changeDraft,
  createItem,
  editableDraft,
  FIELDS,
  NEW_ITEM,
  updateItem,
} from "./change_invoice_item.ts";

const PATH = "/v1/invoiceitems";

export const invoiceItemRoutes: Route[] = [
  route("POST", PATH, {
    params: NEW_ITEM,
    returns: "invoiceitem",
    check: ({ amount, pricing, unit_amount_decimal: unit }) => {
      const ways = [amount, pricing?.price, unit].filter((way) => way !== undefined);
      if (ways.length !== 1) {
        throw invalidRequest(
          "Give exactly one of `amount`, `pricing[price]` and `unit_amount_decimal`.",
          "amount",
        );
      }
    },
    handle: ({ tx, params }) => createItem(tx, params),
  }),
  route("GET", `${PATH}/:id`, {
    params: {},
    returns: "invoiceitem",
    handle: ({ tx, id }) => itemOf(tx, id),
  }),
  route("POST", `${PATH}/:id`, {
    params: FIELDS satisfies ShapeOf<Stripe.InvoiceItemUpdateParams>,
    returns: "invoiceitem",
    handle: ({ tx, id, params }) => updateItem(tx, itemOf(tx, id), params),
  }),
  route("GET", PATH, {
    params: {
      ...PAGE,
      created,
      customer: text,
      invoice: text,
      pending: flag,
    } satisfies ShapeOf<Stripe.InvoiceItemListParams>,
    returns: "list:invoiceitem",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.invoiceItems,
        (item) =>
          matches(params.customer, item.customer) &&
          matches(params.invoice, item.invoice) &&
          matches(params.pending, item.invoice === null) &&
          inRange(item.date, params.created),
      );
      return page(PATH, found, params);
    },
  }),
  route("DELETE", `${PATH}/:id`, {
    params: {},
    returns: "deleted",
    handle: ({ tx, id }) => {
      const item = itemOf(tx, id);
      const draft = editableDraft(tx, item);
      tx.state.invoiceItems.delete(id);
      emit(tx, "invoiceitem.deleted", item);
      if (draft !== undefined) {
        changeDraft(tx, draft, () => removeLine(draft, id));
      }
      return { id, object: "invoiceitem", deleted: true } satisfies Stripe.DeletedInvoiceItem;
    },
  }),
];

function itemOf(tx: Transaction, id: string): WireInvoiceItem {
  const item = tx.state.invoiceItems.get(id);
  if (item === undefined) {
    throw resourceMissing("invoiceitem", id);
  }
  return item;
}
