import type { Stripe } from "stripe";
import { isSoldIn, priceIn, refuseTiers } from "../../engine/catalog/price_in.ts";
import { refreshDraft } from "../../engine/invoices.ts";
import { redeemAll } from "../../engine/invoicing/discounts.ts";
import {
  createInvoiceItem,
  pricingOf,
  putOn,
  updateLine,
} from "../../engine/invoicing/invoice_items.ts";
import { invalidRequest, referenceMissing } from "../../engine/request_error.ts";
import { emitChange, type Transaction } from "../../engine/transaction.ts";
import type { WireInvoice, WireInvoiceItem, WirePrice } from "../../state/wire.ts";
import {
  between,
  clearable,
  flag,
  given,
  hash,
  integer,
  list,
  mergeMetadata,
  metadata,
  type Read,
  required,
  type ShapeOf,
  text,
} from "../params.ts";
import { DISCOUNTS, taxRatesOf } from "./money_params.ts";

/** What a request can change of an item. */
export const FIELDS = {
  amount: integer,
  description: text,
  discountable: flag,
  discounts: DISCOUNTS,
  metadata,
  period: hash({ end: required(integer), start: required(integer) }),
  pricing: hash({ price: text }),
  quantity: between(0, 999_999_999),
  tax_rates: clearable(list(text, 5)),
  unit_amount_decimal: text,
};

/** What a request says of a new item. */
export const NEW_ITEM = {
  ...FIELDS,
  currency: text,
  customer: text,
  invoice: text,
  subscription: text,
} satisfies ShapeOf<Stripe.InvoiceItemCreateParams>;

/**
 * Makes an item, on the draft that a request names or for the next invoice.
 * @throws {RequestError} where something does not exist or does not fit
 */
export function createItem(tx: Transaction, params: Read<typeof NEW_ITEM>): WireInvoiceItem {
  const draft = params.invoice === undefined ? undefined : draftOf(tx, params.invoice);
  const customerId = params.customer ?? draft?.customer ?? "";
  const customer = tx.state.customers.get(customerId);
  if (customer === undefined) {
    throw referenceMissing("customer", customerId, "customer");
  }
  if (draft !== undefined && draft.customer !== customerId) {
    throw invalidRequest("The invoice belongs to another customer.", "invoice");
  }
  const chosen = priceOf(tx, params.pricing?.price);
  const quantity = params.quantity ?? 1;
  const asked = params.currency?.toLowerCase();
  const currency =
    asked ?? (chosen && usualCurrency(tx, chosen, [draft, customer])) ?? draft?.currency;
  if (currency === undefined) {
    throw invalidRequest("Missing required param: currency.", "currency", "parameter_missing");
  }
  checkCurrency(draft?.currency ?? customer.currency ?? currency, currency);
  const price = chosen && soldIn(tx, chosen, currency);
  const subscription = params.subscription ?? null;
  if (subscription !== null && !tx.state.subscriptions.has(subscription)) {
    throw referenceMissing("subscription", subscription, "subscription");
  }
  const amount = amountOf(params, price, quantity);
  const item = createInvoiceItem(tx, {
    customer: customerId,
    amount,
    currency,
    price,
    quantity,
    subscription,
    description: params.description ?? null,
    discountable: params.discountable ?? amount >= 0,
    discounts: redeemAll(tx, params.discounts ?? [], {
      customer: customerId,
      currency,
      amount,
      invoiceItem: "",
    }),
    metadata: mergeMetadata({}, params.metadata),
    period: params.period ?? { start: tx.now, end: tx.now },
    taxRates: taxRatesOf(tx, params.tax_rates, "tax_rates"),
  });
  if (draft !== undefined) {
    changeDraft(tx, draft, () => putOn(tx, draft, item, "after"));
  }
  return item;
}

/**
 * Changes an item, with the draft that it stands on.
 * @throws {RequestError} where its invoice is final, or something does not fit
 */
export function updateItem(
  tx: Transaction,
  item: WireInvoiceItem,
  params: Read<typeof FIELDS>,
): WireInvoiceItem {
  const draft = editableDraft(tx, item);
  const chosen = priceOf(tx, params.pricing?.price);
  const price = chosen && soldIn(tx, chosen, item.currency);
  const { description, discountable, period } = params;
  Object.assign(item, given({ description, discountable, period }));
  item.metadata = mergeMetadata(item.metadata ?? {}, params.metadata);
  if (params.tax_rates !== undefined) {
    item.tax_rates = taxRatesOf(tx, params.tax_rates, "tax_rates");
  }
  if (params.discounts !== undefined) {
    const { customer, currency, amount, id } = item;
    const target = { customer, currency, amount, invoiceItem: id };
    item.discounts = redeemAll(tx, params.discounts ?? [], target);
  }
  reprice(item, { price, params });
  if (draft !== undefined) {
    changeDraft(tx, draft, () => updateLine(draft, item));
  }
  return item;
}

function reprice(
  item: WireInvoiceItem,
  { price, params }: { price: WirePrice | null; params: Read<typeof FIELDS> },
): void {
  const unit = Number(price?.unit_amount_decimal ?? item.pricing?.unit_amount_decimal ?? 0);
  item.quantity = params.quantity ?? item.quantity;
  item.quantity_decimal = String(item.quantity);
  if (params.amount !== undefined) {
    item.amount = params.amount;
    item.pricing = pricingOf(null, params.amount / (item.quantity || 1));
  } else if (price !== null || params.quantity !== undefined) {
    item.amount = Math.round(unit * item.quantity);
    item.pricing = price === null ? item.pricing : pricingOf(price, unit);
  }
}

function amountOf(
  params: Read<typeof NEW_ITEM>,
  price: WirePrice | null,
  quantity: number,
): number {
  const unit = Number(price?.unit_amount_decimal ?? params.unit_amount_decimal ?? 0);
  return params.amount ?? Math.round(unit * quantity);
}

function priceOf(tx: Transaction, id: string | undefined): WirePrice | null {
  const price = tx.state.prices.get(id ?? "");
  if (id !== undefined && price === undefined) {
    throw referenceMissing("price", id, "pricing[price]");
  }
  if (price !== undefined && price.recurring !== null) {
    throw invalidRequest(
      `The price specified is set to \`type=recurring\` but this field only accepts prices with ` +
        "`type=one_time`.",
      "pricing[price]",
    );
  }
  if (price !== undefined) {
    refuseTiers(price, "pricing[price]");
  }
  return price ?? null;
}

/** The currency of an item that does not say it: the draft's or the customer's, if it can be. */
function usualCurrency(
  { state }: Transaction,
  price: WirePrice,
  owners: readonly ({ currency?: string | null | undefined } | undefined)[],
): string {
  const known = owners.flatMap((owner) => owner?.currency ?? []);
  return known.find((currency) => isSoldIn(state, price, currency)) ?? price.currency;
}

/** A price in a currency. @throws {RequestError} where it is not sold in it */
function soldIn({ state }: Transaction, price: WirePrice, currency: string): WirePrice {
  if (!isSoldIn(state, price, currency)) {
    checkCurrency(currency, price.currency);
  }
  return priceIn(state, price, currency);
}

function checkCurrency(expected: string, currency: string): void {
  if (expected !== currency) {
    throw invalidRequest(
      `The customer or invoice is in ${expected}; an item in ${currency} cannot be added.`,
      "currency",
    );
  }
}

/** The draft with this id. @throws {RequestError} where it cannot be edited any more */
function draftOf(tx: Transaction, id: string): WireInvoice {
  const invoice = tx.state.invoices.get(id);
  if (invoice === undefined) {
    throw referenceMissing("invoice", id, "invoice");
  }
  if (invoice.status !== "draft") {
    throw invalidRequest(
      "This invoice is no longer editable because it was finalized.",
      "invoice",
      "invoice_not_editable",
    );
  }
  return invoice;
}

/** The draft that an item stands on. @throws {RequestError} where that is final */
export function editableDraft(tx: Transaction, item: WireInvoiceItem): WireInvoice | undefined {
  return item.invoice === null ? undefined : draftOf(tx, item.invoice);
}

/** Changes a draft and its sums; emits `invoice.updated`. */
export function changeDraft(tx: Transaction, draft: WireInvoice, change: () => void): void {
  emitChange(tx, "invoice.updated", draft, () => {
    change();
    refreshDraft(tx, draft);
  });
}
