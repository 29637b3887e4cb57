import { newId } from "../state/ids.ts";
import type { WireInvoice, WireInvoicePayment, WireSubscription } from "../state/wire.ts";
import { cancelNow } from "./cancellation.ts";
import { chargeSucceeds } from "./cards.ts";
import { finalizeInvoice, stopCollection } from "./invoices.ts";
import { makePayment, type Payment } from "./payments.ts";
import { emit, emitChange, type Transaction } from "./transaction.ts";

/** Days between a declined attempt and the next; after the last one the subscription ends. */
const RETRY_DAYS = [3, 5, 7];
const DAY_SECONDS = 86_400;

/** Finalises a draft and charges the card on file. */
export function finalizeAndCharge(tx: Transaction, invoice: WireInvoice): void {
  finalizeInvoice(tx, invoice);
  chargeInvoice(tx, invoice);
}

/** Who tries to charge: the schedule, or the customer, whose tries leave the schedule alone. */
export type Attempt = "scheduled" | "by_customer";

/**
 * Charges an open invoice to the subscription's card. Paid, the subscription becomes `active`;
 * declined, it becomes `past_due`, is tried again after some days and is canceled in the end.
 */
export function chargeInvoice(
  tx: Transaction,
  invoice: WireInvoice,
  attempt: Attempt = "scheduled",
): void {
  const subscription = subscriptionOf(tx, invoice);
  const paymentMethod = cardOf(tx, invoice, subscription);
  if (invoice.amount_due === 0 || chargeSucceeds(tx, paymentMethod)) {
    settleInvoice(tx, invoice, paymentMethod);
    if (subscription?.status === "past_due" && subscription.latest_invoice === invoice.id) {
      emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
        changed.status = "active";
      });
    }
    return;
  }
  emitDecline(tx, invoice, { paymentMethod, attempt });
  if (subscription !== undefined && attempt === "scheduled") {
    suspend(tx, invoice, subscription);
  }
}

/**
 * Marks an open invoice paid with the card; emits Stripe's burst from `invoice.paid` to
 * `charge.succeeded`. An invoice over nothing is paid without a payment.
 */
export function settleInvoice(
  tx: Transaction,
  invoice: WireInvoice,
  paymentMethod: string | null,
): void {
  const renewal = invoice.billing_reason !== "subscription_create";
  const payment = invoice.amount_due === 0 ? undefined : pay(tx, invoice, paymentMethod, true);
  invoice.status = "paid";
  invoice.attempted = true;
  invoice.attempt_count += renewal && payment !== undefined ? 1 : 0;
  invoice.amount_paid = invoice.amount_due;
  invoice.amount_remaining = 0;
  invoice.status_transitions.paid_at = tx.now;
  stopCollection(invoice);
  emit(tx, "invoice.paid", invoice);
  if (payment === undefined) {
    return;
  }
  emit(tx, "invoice.payment_succeeded", invoice);
  emit(tx, "invoice_payment.paid", recordInvoicePayment(tx, invoice, payment));
  emit(tx, "payment_intent.succeeded", payment.intent);
  emit(tx, "charge.succeeded", payment.charge);
}

function emitDecline(
  tx: Transaction,
  invoice: WireInvoice,
  declined: { paymentMethod: string | null; attempt: Attempt },
): void {
  const payment = pay(tx, invoice, declined.paymentMethod, false);
  if (declined.attempt === "scheduled") {
    const retryDays = RETRY_DAYS[invoice.attempt_count];
    invoice.attempted = true;
    invoice.attempt_count += 1;
    invoice.next_payment_attempt =
      retryDays === undefined ? null : tx.now + retryDays * DAY_SECONDS;
  }
  emit(tx, "charge.failed", payment.charge);
  emit(tx, "payment_intent.payment_failed", payment.intent);
  emit(tx, "invoice.payment_failed", invoice);
}

function suspend(tx: Transaction, invoice: WireInvoice, subscription: WireSubscription): void {
  if (invoice.next_payment_attempt === null) {
    cancelNow(tx, subscription, "payment_failed");
    return;
  }
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    changed.status = "past_due";
  });
}

function pay(
  tx: Transaction,
  invoice: WireInvoice,
  paymentMethod: string | null,
  succeeds: boolean,
): Payment {
  const first = invoice.billing_reason === "subscription_create";
  return makePayment(tx, {
    amount: invoice.amount_due,
    currency: invoice.currency,
    customer: invoice.customer,
    paymentMethod,
    description: first ? "Subscription creation" : "Subscription update",
    metadata: {},
    succeeds,
  });
}

function recordInvoicePayment(
  tx: Transaction,
  invoice: WireInvoice,
  payment: Payment,
): WireInvoicePayment {
  const invoicePayment: WireInvoicePayment = {
    id: newId("inpay"),
    object: "invoice_payment",
    amount_paid: invoice.amount_paid,
    amount_requested: invoice.amount_due,
    created: tx.now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: payment.intent.id, type: "payment_intent" },
    status: "paid",
    status_transitions: { canceled_at: null, paid_at: tx.now },
  };
  tx.state.invoicePayments.set(invoicePayment.id, invoicePayment);
  return invoicePayment;
}

/** The subscription that the invoice bills; undefined where there is none. */
export function subscriptionOf(
  tx: Pick<Transaction, "state">,
  invoice: WireInvoice,
): WireSubscription | undefined {
  return tx.state.subscriptions.get(invoice.parent?.subscription_details?.subscription ?? "");
}

function cardOf(
  tx: Transaction,
  invoice: WireInvoice,
  subscription: WireSubscription | undefined,
): string | null {
  const customer = tx.state.customers.get(invoice.customer ?? "");
  return (
    subscription?.default_payment_method ??
    customer?.invoice_settings.default_payment_method ??
    null
  );
}
