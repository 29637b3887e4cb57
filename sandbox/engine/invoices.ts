import { newId } from "../state/ids.ts";
import {
  embeddedList,
  type WireCustomer,
  type WireInvoice,
  type WireInvoiceLine,
  type WireSubscription,
  type WireSubscriptionItem,
} from "../state/wire.ts";
import { blankInvoice } from "./blank_invoice.ts";
import { formatInterval, formatMoney } from "./money.ts";
import { emit, type Transaction } from "./transaction.ts";

/** Why the invoice is written and which window Stripe shows in its `period_*` fields. */
export interface InvoiceOccasion {
  billingReason: "subscription_create" | "subscription_cycle";
  periodStart: number;
  periodEnd: number;
  /** When a draft becomes final, in Unix seconds; null where it is finalised at once. */
  finalizesAt: number | null;
}

/** Writes a draft for the current period of every item; emits nothing. */
export function draftInvoice(
  tx: Transaction,
  subscription: WireSubscription,
  occasion: InvoiceOccasion,
): WireInvoice {
  const id = newId("in");
  const lines = subscription.items.data.map((item) => invoiceLine(tx, id, subscription, item));
  const total = lines.reduce((sum, line) => sum + line.amount, 0);
  const invoice = buildDraft(tx, { id, subscription, occasion, lines, total });
  tx.state.invoices.set(id, invoice);
  return invoice;
}

/** Numbers a draft and opens it for payment; emits `invoice.finalized`. */
export function finalizeInvoice(tx: Transaction, invoice: WireInvoice): void {
  const customer = tx.state.customers.get(invoice.customer ?? "");
  invoice.status = "open";
  invoice.number = nextInvoiceNumber(customer);
  invoice.automatically_finalizes_at = null;
  invoice.effective_at = tx.now;
  invoice.ending_balance = 0;
  invoice.hosted_invoice_url = `${tx.baseUrl}/i/${invoice.id}`;
  invoice.invoice_pdf = `${tx.baseUrl}/i/${invoice.id}`;
  invoice.status_transitions.finalized_at = tx.now;
  emit(tx, "invoice.finalized", invoice);
}

/** Takes an invoice that nobody shall be charged for any more out of automatic collection. */
export function stopCollection(invoice: WireInvoice): void {
  invoice.auto_advance = false;
  invoice.automatically_finalizes_at = null;
  invoice.next_payment_attempt = null;
}

function nextInvoiceNumber(customer: WireCustomer | undefined): string {
  const sequence = customer?.next_invoice_sequence ?? 1;
  if (customer !== undefined) {
    customer.next_invoice_sequence = sequence + 1;
  }
  return `${customer?.invoice_prefix ?? "SANDBOX0"}-${String(sequence).padStart(4, "0")}`;
}

function invoiceLine(
  tx: Transaction,
  invoice: string,
  subscription: WireSubscription,
  item: WireSubscriptionItem,
): WireInvoiceLine {
  const { price } = item;
  const quantity = item.quantity ?? 1;
  const unitAmount = price.unit_amount ?? 0;
  const product = tx.state.products.get(price.product);
  const rate = `${formatMoney(unitAmount, price.currency)} / ${formatInterval(price)}`;
  return {
    id: newId("il"),
    object: "line_item",
    amount: unitAmount * quantity,
    currency: price.currency,
    description: `${quantity} × ${product?.name ?? price.product} (at ${rate})`,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice,
    livemode: false,
    metadata: { ...subscription.metadata },
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: { credited_items: null },
        subscription: subscription.id,
        subscription_item: item.id,
      },
      type: "subscription_item_details",
    },
    period: { start: item.current_period_start, end: item.current_period_end },
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: price.id, product: price.product },
      type: "price_details",
      unit_amount_decimal: String(unitAmount),
    },
    quantity,
    quantity_decimal: String(quantity),
    subtotal: unitAmount * quantity,
    taxes: [],
  };
}

interface Draft {
  id: string;
  subscription: WireSubscription;
  occasion: InvoiceOccasion;
  lines: WireInvoiceLine[];
  total: number;
}

function buildDraft(tx: Transaction, draft: Draft): WireInvoice {
  const { id, subscription, occasion, lines, total } = draft;
  const customer = tx.state.customers.get(subscription.customer);
  return {
    ...blankInvoice(),
    id,
    object: "invoice",
    amount_due: total,
    amount_remaining: total,
    automatic_tax: {
      disabled_reason: null,
      enabled: subscription.automatic_tax.enabled,
      liability: subscription.automatic_tax.liability,
      provider: subscription.automatic_tax.enabled ? "stripe" : null,
      status: subscription.automatic_tax.enabled ? "complete" : null,
    },
    automatically_finalizes_at: occasion.finalizesAt,
    billing_reason: occasion.billingReason,
    created: tx.now,
    currency: subscription.currency,
    customer: subscription.customer,
    customer_address: customer?.address ?? null,
    customer_email: customer?.email ?? null,
    customer_name: customer?.name ?? null,
    customer_phone: customer?.phone ?? null,
    customer_tax_exempt: customer?.tax_exempt ?? "none",
    lines: embeddedList(`/v1/invoices/${id}/lines`, lines),
    next_payment_attempt: occasion.finalizesAt,
    parent: {
      quote_details: null,
      subscription_details: {
        metadata: { ...subscription.metadata },
        subscription: subscription.id,
      },
      type: "subscription_details",
    },
    period_end: occasion.periodEnd,
    period_start: occasion.periodStart,
    subtotal: total,
    subtotal_excluding_tax: total,
    total,
    total_excluding_tax: total,
    webhooks_delivered_at: tx.now,
  };
}
