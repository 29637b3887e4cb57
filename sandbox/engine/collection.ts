import type { WireCharge, WireInvoice } from "../state/wire.ts";
import { activate, resumedByAttempt } from "../subscriptions/standing.ts";
import { nextAttemptAt, recover, suspend } from "./dunning.ts";
import { finalizeInvoice, stopCollection } from "./invoices.ts";
import { setDelinquent, subscriptionOf } from "./invoicing/debtor.ts";
import {
  failFinalization,
  finalizationProblem,
  turnTaxOff,
} from "./invoicing/finalization_failure.ts";
import { defaultPayment } from "./invoicing/invoice_payment.ts";
import { sendInvoice } from "./invoicing/send_invoice.ts";
import { emitCharged } from "./paying/charge_events.ts";
import { type Outcome, outcomeOf, type Presence } from "./paying/outcome.ts";
import { attemptIntent } from "./payments.ts";
import { emit, emitChange, type Transaction } from "./transaction.ts";
import { defaultMethodOf } from "./wallet/default_method.ts";

/** Who tries to charge: the schedule, or somebody, whose tries leave the schedule alone. */
export type Attempt = "scheduled" | "by_customer";

/** How an open invoice is charged; by default as the schedule does it. */
export interface ChargeOptions {
  attempt?: Attempt;
  /** By default that of the invoice, the subscription or the customer. */
  paymentMethod?: string;
  presence?: Presence;
}

/**
 * Makes a draft final and collects it as its `collection_method` says: charges the payment method
 * on file, or sends the invoice. One over nothing is paid.
 */
export function finalizeAndCharge(tx: Transaction, invoice: WireInvoice): void {
  const problem = finalizationProblem(tx, invoice);
  if (problem !== undefined && !turnTaxOff(tx, invoice)) {
    failFinalization(tx, invoice, problem);
    return;
  }
  finalizeInvoice(tx, invoice);
  if (invoice.status !== "open") {
    return;
  }
  if (invoice.amount_due > 0 && invoice.collection_method === "send_invoice") {
    sendInvoice(tx, invoice);
  } else {
    chargeInvoice(tx, invoice);
  }
}

/**
 * Charges an open invoice. Paid, a subscription that waited for it goes on; declined, it becomes
 * past due, is tried again after some days and ends as dunning says. Answers what came of it.
 */
export function chargeInvoice(
  tx: Transaction,
  invoice: WireInvoice,
  options: ChargeOptions = {},
): Outcome {
  const { attempt = "scheduled", presence = "off_session" } = options;
  const paymentMethod = options.paymentMethod ?? methodOf(tx, invoice);
  const payment = defaultPayment(tx.state, invoice);
  if (invoice.amount_due === 0 || payment === undefined) {
    settleInvoice(tx, invoice, paymentMethod);
    return { kind: "succeeded" };
  }
  const outcome = outcomeOf(tx.state, paymentMethod, presence);
  if (outcome.kind === "succeeded") {
    settleInvoice(tx, invoice, paymentMethod);
    return outcome;
  }
  const charge = attemptIntent(tx, payment.intent, { paymentMethod, outcome });
  if (outcome.kind === "processing") {
    const { succeeds, seconds } = outcome;
    const settlesAt = tx.now + seconds;
    tx.state.debits.set(payment.intent.id, { settlesAt, succeeds, invoice: invoice.id });
    countAttempt(tx, invoice, { attempt, counted: false, next: null });
    emit(tx, "payment_intent.processing", payment.intent);
    emit(tx, "charge.pending", charge ?? payment.intent);
    goOnDebited(tx, invoice);
    return outcome;
  }
  failInvoice(tx, invoice, { charge, attempt, outcome });
  return outcome;
}

/**
 * Makes a subscription active whose first invoice a bank debit is to pay
 * (docs.stripe.com/billing/subscriptions/overview: delayed payment methods go to `active` while the
 * payment intent is in processing).
 */
function goOnDebited(tx: Transaction, invoice: WireInvoice): void {
  const subscription = subscriptionOf(tx, invoice);
  if (
    subscription?.status === "incomplete" &&
    subscription.latest_invoice === invoice.id &&
    tx.state.assumptions.firstDebit !== "incomplete"
  ) {
    activate(tx, subscription);
  } else if (subscription !== undefined) {
    resumedByAttempt(tx, subscription, { invoice, status: "active" });
  }
}

/**
 * Marks an open invoice paid with the payment method, or with a charge that was made before; emits
 * Stripe's burst from `invoice.paid` to `charge.succeeded`. An invoice over nothing is paid without
 * a payment.
 */
export function settleInvoice(
  tx: Transaction,
  invoice: WireInvoice,
  paymentMethod: string | null,
  made?: WireCharge,
): void {
  const payment = defaultPayment(tx.state, invoice);
  const outcome = { kind: "succeeded" } as const;
  const due = payment?.record.status === "open" ? payment : undefined;
  const charge = made ?? (due && attemptIntent(tx, due.intent, { paymentMethod, outcome }));
  const renewal = invoice.billing_reason !== "subscription_create";
  const counts = renewal && due !== undefined && made === undefined;
  emitChange(tx, "invoice.updated", invoice, (paid) => {
    paid.status = "paid";
    delete paid.status_details;
    paid.attempted = true;
    paid.attempt_count += counts ? 1 : 0;
    paid.amount_paid += paid.amount_remaining;
    paid.amount_remaining = 0;
    paid.status_transitions.paid_at = tx.now;
    stopCollection(paid);
  });
  emit(tx, "invoice.paid", invoice);
  if (due !== undefined && charge !== undefined) {
    const { record, intent } = due;
    record.status = "paid";
    record.amount_paid = intent.amount;
    record.status_transitions.paid_at = tx.now;
    emit(tx, "invoice.payment_succeeded", invoice);
    emit(tx, "invoice_payment.paid", record);
    emit(tx, "payment_intent.succeeded", intent);
    emitCharged(tx, charge);
  }
  afterPayment(tx, invoice, due?.intent.payment_method ?? null);
}

/**
 * What an invoice that was paid means for its customer and its subscription, which keeps the
 * payment method where its `save_default_payment_method` says so.
 */
export function afterPayment(
  tx: Transaction,
  invoice: WireInvoice,
  paymentMethod: string | null,
): void {
  setDelinquent(tx, invoice, false);
  const subscription = subscriptionOf(tx, invoice);
  if (subscription === undefined) {
    return;
  }
  const keeps = subscription.payment_settings?.save_default_payment_method === "on_subscription";
  if (keeps && paymentMethod !== null) {
    emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
      changed.default_payment_method = paymentMethod;
    });
  }
  recover(tx, invoice, subscription);
}

/** What came of an attempt that did not pay an invoice. */
export interface Failure {
  charge: WireCharge | undefined;
  attempt: Attempt;
  outcome: Outcome;
  /** Whether the attempt was counted when it began, as that of a debit is. */
  counted?: boolean;
}

/** Notes an attempt that failed; emits its events, and what it means for the subscription. */
export function failInvoice(
  tx: Transaction,
  invoice: WireInvoice,
  { charge, attempt, outcome, counted = false }: Failure,
): void {
  const intent = defaultPayment(tx.state, invoice)?.intent;
  if (charge !== undefined) {
    emit(tx, "charge.failed", charge);
  }
  if (intent !== undefined && outcome.kind !== "no_method") {
    const action = outcome.kind === "requires_action";
    emit(tx, action ? "payment_intent.requires_action" : "payment_intent.payment_failed", intent);
  }
  const count = invoice.attempt_count + (counted ? 0 : 1);
  const next = nextAttemptAt(tx, { ...invoice, attempt_count: count });
  countAttempt(tx, invoice, { attempt, counted, next });
  if (outcome.kind === "requires_action") {
    emit(tx, "invoice.payment_action_required", invoice);
  }
  emit(tx, "invoice.payment_failed", invoice);
  const subscription = subscriptionOf(tx, invoice);
  if (subscription && resumedByAttempt(tx, subscription, { invoice, status: "past_due" })) {
    return;
  }
  if (attempt === "scheduled") {
    setDelinquent(tx, invoice, true);
    if (subscription !== undefined) {
      suspend(tx, invoice, subscription);
    }
  }
}

/** Any attempt counts as the first, after that only those of the schedule. */
function countAttempt(
  tx: Transaction,
  invoice: WireInvoice,
  { attempt, counted, next }: { attempt: Attempt; counted: boolean; next: number | null },
): void {
  const scheduled = attempt === "scheduled";
  emitChange(tx, "invoice.updated", invoice, (tried) => {
    tried.attempted = true;
    tried.attempt_count += !counted && (scheduled || tried.attempt_count === 0) ? 1 : 0;
    if (scheduled) {
      tried.next_payment_attempt = tried.auto_advance === true ? next : null;
    }
  });
}

function methodOf(tx: Transaction, invoice: WireInvoice): string | null {
  const { customer, default_payment_method: method, default_source: source } = invoice;
  const none = { customer, default_payment_method: null };
  const payer = subscriptionOf(tx, invoice) ?? none;
  return method ?? source ?? defaultMethodOf(tx.state, payer);
}
