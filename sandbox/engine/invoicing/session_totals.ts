import type { CheckoutDetails } from "../../state/state.ts";
import {
  embeddedList,
  type WireCheckoutSession,
  type WireInvoice,
  type WireInvoiceLine,
  type WireLineItem,
} from "../../state/wire.ts";
import { blankInvoice } from "../blank_invoice.ts";
import { customerFields } from "../invoices.ts";
import { asideOf } from "../preview.ts";
import type { Transaction } from "../transaction.ts";
import { redeemAll } from "./discounts.ts";
import { priceInvoice } from "./invoice_totals.ts";

/**
 * Computes what a Checkout Session comes to, with its discount and its taxes, as far as its
 * customer is known; nothing is redeemed yet.
 * @throws {RequestError} where the coupon or the promotion code cannot be redeemed
 */
export function priceSession(
  tx: Transaction,
  session: WireCheckoutSession,
  details: CheckoutDetails,
): void {
  const aside = asideOf(tx, session.customer ?? "");
  const customer = aside.state.customers.get(session.customer ?? "");
  const currency = session.currency ?? "usd";
  const lines = details.lineItems.map((item) => lineOf(item));
  const invoice: WireInvoice = {
    ...blankInvoice(),
    ...(customer !== undefined && customerFields(aside, customer)),
    id: session.id,
    object: "invoice",
    automatic_tax: { ...session.automatic_tax, disabled_reason: null },
    automatically_finalizes_at: null,
    billing_reason: "manual",
    created: tx.now,
    currency,
    customer: session.customer as string | null,
    lines: embeddedList("", lines),
    next_payment_attempt: null,
    parent: null,
    period_end: tx.now,
    period_start: tx.now,
    webhooks_delivered_at: null,
  };
  const amount = lines.reduce((sum, line) => sum + line.amount, 0);
  invoice.discounts = redeemAll(aside, details.discounts ?? [], {
    ...{ customer: session.customer as string | null, currency, amount },
    checkoutSession: session.id,
  });
  priceInvoice(aside.state, invoice);
  for (const [index, item] of details.lineItems.entries()) {
    showLine(item, invoice.lines.data[index]);
  }
  showTotals(session, invoice, details);
}

/** What a session of this invoice comes to; a trial costs nothing now. */
export function showTotals(
  session: WireCheckoutSession,
  invoice: WireInvoice,
  details: CheckoutDetails | undefined,
): void {
  const trial = (details?.trialDays ?? null) !== null;
  const sum = (amounts: readonly { amount: number }[] | null) =>
    (amounts ?? []).reduce((all, { amount }) => all + amount, 0);
  session.amount_subtotal = trial ? 0 : invoice.subtotal;
  session.amount_total = trial ? 0 : invoice.total;
  session.total_details = {
    amount_discount: trial ? 0 : sum(invoice.total_discount_amounts),
    amount_shipping: 0,
    amount_tax: trial ? 0 : sum(invoice.total_taxes),
  };
  if (session.automatic_tax.enabled) {
    session.automatic_tax.status = invoice.automatic_tax.status;
  }
}

function showLine(item: WireLineItem, line: WireInvoiceLine | undefined): void {
  const sum = (amounts: readonly { amount: number }[] | null | undefined) =>
    (amounts ?? []).reduce((all, { amount }) => all + amount, 0);
  const added = (line?.taxes ?? []).filter(({ tax_behavior: kind }) => kind === "exclusive");
  item.amount_discount = sum(line?.discount_amounts);
  item.amount_tax = sum(line?.taxes);
  item.amount_total = item.amount_subtotal - item.amount_discount + sum(added);
}

function lineOf(item: WireLineItem): WireInvoiceLine {
  const price = item.price;
  return {
    id: item.id,
    object: "line_item",
    amount: item.amount_subtotal,
    currency: item.currency,
    description: item.description,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: {},
    parent: null,
    period: { start: 0, end: 0 },
    pretax_credit_amounts: [],
    pricing: {
      ...(price && { price_details: { price: price.id, product: String(price.product) } }),
      type: "price_details",
      unit_amount_decimal: null,
    },
    quantity: item.quantity,
    quantity_decimal: String(item.quantity ?? 1),
    subtotal: item.amount_subtotal,
    taxes: [],
  };
}
