import { newId } from "../../state/ids.ts";
import type { WireInvoice, WireInvoiceItem, WireInvoiceLine, WirePrice } from "../../state/wire.ts";
import { productName } from "../invoice_lines.ts";
import { emit, type Transaction } from "../transaction.ts";

/** What an invoice item is made of. */
export interface NewInvoiceItem {
  customer: string;
  amount: number;
  currency: string;
  description: string | null;
  discountable: boolean;
  discounts: string[];
  metadata: Record<string, string>;
  period: { start: number; end: number };
  /** Null for an amount of its own. */
  price: WirePrice | null;
  quantity: number;
  subscription: string | null;
  taxRates: NonNullable<WireInvoiceItem["tax_rates"]>;
}

/** Makes an item that waits for the customer's next invoice; emits `invoiceitem.created`. */
export function createInvoiceItem(tx: Transaction, fields: NewInvoiceItem): WireInvoiceItem {
  const { price, quantity, amount, subscription } = fields;
  const item: WireInvoiceItem = {
    id: newId("ii"),
    object: "invoiceitem",
    amount,
    currency: fields.currency,
    customer: fields.customer,
    customer_account: null,
    date: tx.now,
    description: fields.description ?? (price && productName(tx.state, price)),
    discountable: fields.discountable,
    discounts: fields.discounts,
    invoice: null,
    livemode: false,
    metadata: fields.metadata,
    ...(!fields.discountable && { net_amount: amount }),
    parent:
      subscription === null
        ? null
        : { subscription_details: { subscription }, type: "subscription_details" },
    period: fields.period,
    pricing: pricingOf(price, quantity === 0 ? amount : amount / quantity),
    proration: false,
    quantity,
    quantity_decimal: String(quantity),
    tax_rates: fields.taxRates,
    test_clock: tx.state.customers.get(fields.customer)?.test_clock ?? null,
  };
  tx.state.invoiceItems.set(item.id, item);
  emit(tx, "invoiceitem.created", item);
  return item;
}

/** How an item says what it costs. */
export function pricingOf(price: WirePrice | null, unitAmount: number): WireInvoiceItem["pricing"] {
  return {
    ...(price !== null && { price_details: { price: price.id, product: price.product } }),
    type: "price_details",
    unit_amount_decimal: String(unitAmount),
  };
}

/** Puts the items that wait for the customer's next invoice on a draft, the newest first. */
export function takePending(
  tx: Transaction,
  invoice: WireInvoice,
  takes: (item: WireInvoiceItem) => boolean,
): void {
  const pending = tx.state.invoiceItems
    .of(invoice.customer ?? "")
    .filter((item) => item.invoice === null && item.currency === invoice.currency && takes(item));
  for (const item of pending) {
    putOn(tx, invoice, item, "before");
  }
}

/** Puts an item on a draft: before its lines, or after them where it was added by hand. */
export function putOn(
  tx: Transaction,
  invoice: WireInvoice,
  item: WireInvoiceItem,
  place: "before" | "after",
): void {
  item.invoice = invoice.id;
  tx.state.invoiceItems.set(item.id, item);
  const line = lineOf(invoice, item);
  const { data } = invoice.lines;
  invoice.lines.data = place === "before" ? [line, ...data] : [...data, line];
  invoice.lines.total_count = invoice.lines.data.length;
}

/** Brings the line of an item up to date on the draft that has it. */
export function updateLine(invoice: WireInvoice, item: WireInvoiceItem): void {
  invoice.lines.data = invoice.lines.data.map((line) =>
    isLineOf(line, item.id) ? { ...lineOf(invoice, item), id: line.id } : line,
  );
}

/** Takes the line of an item off the draft that has it. */
export function removeLine(invoice: WireInvoice, itemId: string): void {
  invoice.lines.data = invoice.lines.data.filter((line) => !isLineOf(line, itemId));
  invoice.lines.total_count = invoice.lines.data.length;
}

function isLineOf({ parent }: WireInvoiceLine, itemId: string): boolean {
  return (
    parent?.invoice_item_details?.invoice_item === itemId ||
    parent?.subscription_item_details?.invoice_item === itemId
  );
}

function lineOf(invoice: WireInvoice, item: WireInvoiceItem): WireInvoiceLine {
  return {
    id: newId("il"),
    object: "line_item",
    amount: item.amount,
    currency: item.currency,
    description: item.description,
    discount_amounts: [],
    discountable: item.discountable,
    discounts: item.discounts ?? [],
    invoice: invoice.id,
    livemode: false,
    metadata: { ...item.metadata },
    parent: {
      invoice_item_details: {
        invoice_item: item.id,
        proration: item.proration,
        proration_details: { credited_items: null },
        subscription: item.parent?.subscription_details?.subscription ?? null,
      },
      subscription_item_details: null,
      type: "invoice_item_details",
    },
    period: item.period,
    pretax_credit_amounts: [],
    pricing: item.pricing,
    quantity: item.quantity,
    quantity_decimal: item.quantity_decimal,
    subtotal: item.amount,
    taxes: [],
  };
}
