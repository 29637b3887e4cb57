import { newId } from "../state/ids.ts";
import {
  embeddedList,
  type WireCustomer,
  type WireInvoice,
  type WireInvoiceLine,
  type WireSubscription,
  type WireSubscriptionItem,
} from "../state/wire.ts";
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
    subscription: subscription.id,
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
    id,
    object: "invoice",
    account_country: "US",
    account_name: "Sandbox",
    account_tax_ids: null,
    amount_due: total,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: total,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatic_tax: {
      disabled_reason: null,
      enabled: subscription.automatic_tax.enabled,
      liability: subscription.automatic_tax.liability,
      provider: subscription.automatic_tax.enabled ? "stripe" : null,
      status: subscription.automatic_tax.enabled ? "complete" : null,
    },
    automatically_finalizes_at: occasion.finalizesAt,
    billing_reason: occasion.billingReason,
    collection_method: "charge_automatically",
    created: tx.now,
    currency: subscription.currency,
    custom_fields: null,
    customer: subscription.customer,
    customer_account: null,
    customer_address: customer?.address ?? null,
    customer_email: customer?.email ?? null,
    customer_name: customer?.name ?? null,
    customer_phone: customer?.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: customer?.tax_exempt ?? "none",
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: "self" },
    last_finalization_error: null,
    latest_revision: null,
    lines: embeddedList(`/v1/invoices/${id}/lines`, lines),
    livemode: false,
    metadata: {},
    next_payment_attempt: occasion.finalizesAt,
    number: null,
    on_behalf_of: null,
    parent: {
      quote_details: null,
      subscription_details: {
        metadata: { ...subscription.metadata },
        subscription: subscription.id,
      },
      type: "subscription_details",
    },
    payment_settings: {
      default_mandate: null,
      payment_method_options: null,
      payment_method_types: null,
    },
    period_end: occasion.periodEnd,
    period_start: occasion.periodStart,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: "draft",
    status_transitions: {
      finalized_at: null,
      marked_uncollectible_at: null,
      paid_at: null,
      voided_at: null,
    },
    subtotal: total,
    subtotal_excluding_tax: total,
    test_clock: null,
    total,
    total_discount_amounts: [],
    total_excluding_tax: total,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: tx.now,
  };
}
