import { newId } from "../state/ids.ts";
import {
  embeddedList,
  type WireCustomer,
  type WireInvoice,
  type WireInvoiceLine,
  type WireSubscription,
} from "../state/wire.ts";
import { takePendingLines } from "../subscriptions/pending_lines.ts";
import { settleReferences } from "../subscriptions/prorations.ts";
import { blankInvoice } from "./blank_invoice.ts";
import { periodLines } from "./invoice_lines.ts";
import { discountsOf, spendDiscounts } from "./invoicing/applied_discounts.ts";
import { changeBalance } from "./invoicing/balance.ts";
import { takePending } from "./invoicing/invoice_items.ts";
import { openPayment } from "./invoicing/invoice_payment.ts";
import { priceInvoice } from "./invoicing/invoice_totals.ts";
import { minimumCharge } from "./paying/minimum_charge.ts";
import { emit, type Transaction } from "./transaction.ts";

const DAY_SECONDS = 86_400;

/** Why the invoice is written and which window Stripe shows in its `period_*` fields. */
export interface InvoiceOccasion {
  billingReason:
    | "subscription_create"
    | "subscription_cycle"
    | "subscription_threshold"
    | "subscription_update";
  periodStart: number;
  periodEnd: number;
  /** When a draft becomes final, in Unix seconds; null where it is finalised at once. */
  finalizesAt: number | null;
}

/**
 * Writes a draft with these lines, by default those for the current periods of its items; lines
 * that wait for the next invoice of the subscription stand before them. Emits nothing.
 */
export function draftInvoice(
  tx: Transaction,
  subscription: WireSubscription,
  occasion: InvoiceOccasion,
  charged?: WireInvoiceLine[],
): WireInvoice {
  const id = newId("in");
  const pending = takePendingLines(tx, subscription, id);
  const own = charged ?? periodLines(tx.state, subscription);
  const lines = settleReferences(tx.state, [...pending, ...own], id);
  const invoice = buildDraft(tx, { id, subscription, occasion, lines });
  invoice.discounts = discountsOf(tx, subscription);
  invoice.default_tax_rates = subscription.default_tax_rates ?? [];
  takePending(tx, invoice, ({ parent }) =>
    [undefined, subscription.id].includes(parent?.subscription_details?.subscription),
  );
  refreshDraft(tx, invoice);
  tx.state.invoices.set(id, invoice);
  spendDiscounts(tx, invoice, subscription);
  return invoice;
}

/**
 * Brings a draft up to date: the customer as it is now, and all sums
 * (docs.stripe.com/api/invoices/object: until it is finalised, its fields equal the customer's).
 */
export function refreshDraft(tx: Transaction, invoice: WireInvoice): void {
  const customer = tx.state.customers.get(invoice.customer ?? "");
  if (customer !== undefined) {
    Object.assign(invoice, customerFields(tx, customer));
  }
  priceInvoice(tx.state, invoice);
  invoice.starting_balance = customer?.balance ?? 0;
  invoice.amount_due = amountDue(invoice.total, invoice.starting_balance);
  invoice.amount_remaining = invoice.amount_due;
}

/** What an invoice says of its customer. */
function customerFields(tx: Transaction, customer: WireCustomer) {
  return {
    customer: customer.id,
    customer_address: customer.address ?? null,
    customer_email: customer.email ?? null,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: customer.shipping ?? null,
    customer_tax_exempt: customer.tax_exempt ?? "none",
    customer_tax_ids: tx.state.taxIds.of(customer.id).map(({ type, value }) => ({ type, value })),
    test_clock: customer.test_clock ?? null,
  } satisfies Partial<WireInvoice>;
}

/**
 * Numbers a draft and opens it for payment; emits `invoice.finalized`, and the `customer.updated`
 * of a balance that it uses or leaves: a credit becomes part of the customer's balance, a charge is
 * taken from it first. An amount that is too small to charge is put on the balance.
 * @throws {RequestError} where it is no draft
 */
export function finalizeInvoice(
  tx: Transaction,
  invoice: WireInvoice,
  { usesBalance = true }: { usesBalance?: boolean } = {},
): void {
  const customer = tx.state.customers.get(invoice.customer ?? "");
  refreshDraft(tx, invoice);
  const starting = usesBalance ? invoice.starting_balance : 0;
  const due = amountDue(invoice.total, starting);
  const small = due < minimumCharge(invoice.currency) ? due : 0;
  invoice.starting_balance = starting;
  invoice.amount_due = due - small;
  invoice.amount_remaining = due - small;
  invoice.status = "open";
  invoice.last_finalization_error = null;
  invoice.number ??= nextInvoiceNumber(customer);
  invoice.automatically_finalizes_at = null;
  invoice.effective_at ??= tx.now;
  invoice.ending_balance = starting + invoice.total - invoice.amount_due;
  invoice.hosted_invoice_url = `${tx.baseUrl}/i/${invoice.id}`;
  invoice.invoice_pdf = `${tx.baseUrl}/i/${invoice.id}/pdf`;
  invoice.status_transitions.finalized_at = tx.now;
  const applied = starting + invoice.total - due - starting;
  const { id, currency } = invoice;
  if (usesBalance && customer !== undefined && applied !== 0) {
    changeBalance(tx, customer, {
      amount: applied,
      currency,
      type: "applied_to_invoice",
      invoice: id,
    });
  }
  if (usesBalance && customer !== undefined && small !== 0) {
    changeBalance(tx, customer, {
      amount: small,
      currency,
      type: "invoice_too_small",
      invoice: id,
    });
  }
  emit(tx, "invoice.finalized", invoice);
  if (invoice.amount_due > 0) {
    openPayment(tx, invoice);
  }
}

/** What is left to pay of a total after the customer's balance; credits are negative. */
export function amountDue(total: number, balance: number): number {
  return Math.max(0, total + balance);
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

/** How an invoice of the subscription is collected, and by when where it is sent. */
function collectionOf(
  { now }: Transaction,
  { collection_method, days_until_due: days }: WireSubscription,
  { finalizesAt }: InvoiceOccasion,
): Pick<WireInvoice, "collection_method" | "due_date" | "next_payment_attempt"> {
  const sent = collection_method === "send_invoice";
  const due_date = sent ? (finalizesAt ?? now) + (days ?? 0) * DAY_SECONDS : null;
  return { collection_method, due_date, next_payment_attempt: sent ? null : finalizesAt };
}

interface Draft {
  id: string;
  subscription: WireSubscription;
  occasion: InvoiceOccasion;
  lines: WireInvoiceLine[];
}

function buildDraft(tx: Transaction, draft: Draft): WireInvoice {
  const { id, subscription, occasion, lines } = draft;
  return {
    ...blankInvoice(),
    id,
    object: "invoice",
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
    ...collectionOf(tx, subscription, occasion),
    lines: embeddedList(`/v1/invoices/${id}/lines`, lines),
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
    webhooks_delivered_at: tx.now,
  };
}
