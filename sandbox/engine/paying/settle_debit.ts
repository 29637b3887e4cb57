import type { Debit } from "../../state/payment_records.ts";
import type { WireCharge, WireInvoice, WirePaymentIntent } from "../../state/wire.ts";
import { failInvoice, settleInvoice } from "../collection.ts";
import { voidInvoice } from "../invoicing/close_invoice.ts";
import { subscriptionOf } from "../invoicing/debtor.ts";
import { tellSession } from "../one_time_payment.ts";
import { emit, type Transaction } from "../transaction.ts";
import { enterCharge } from "./build_charge.ts";
import { emitCharged } from "./charge_events.ts";
import { declined } from "./outcome.ts";

/** A payment by bank debit, with the invoice that it pays. */
interface DebitedPayment {
  intent: WirePaymentIntent;
  charge: WireCharge;
  invoice: WireInvoice | undefined;
}

/**
 * Ends a bank debit as it was begun to end: its money comes, or the debit is returned and its
 * invoice is as unpaid as after a declined card.
 */
export function settleDebit(tx: Transaction, intentId: string): void {
  const debit = tx.state.debits.get(intentId);
  const intent = tx.state.paymentIntents.get(intentId);
  const charge = tx.state.charges.get(intent?.latest_charge ?? "");
  tx.state.debits.delete(intentId);
  if (debit === undefined || intent === undefined || charge === undefined) {
    return;
  }
  const invoice = tx.state.invoices.get(debit.invoice ?? "");
  const payment = { intent, charge, invoice };
  if (debit.succeeds) {
    succeed(tx, payment);
  } else {
    fail(tx, payment);
  }
  endWaiting(tx, debit, invoice);
}

function succeed(tx: Transaction, { intent, charge, invoice }: DebitedPayment): void {
  Object.assign(intent, { status: "succeeded", amount_received: intent.amount });
  Object.assign(charge, { status: "succeeded", paid: true, amount_captured: charge.amount });
  charge.balance_transaction = enterCharge(tx, charge);
  if (invoice !== undefined) {
    settleInvoice(tx, invoice, intent.payment_method as string | null, charge);
    return;
  }
  emitCharged(tx, charge);
  emit(tx, "payment_intent.succeeded", intent);
}

function fail(tx: Transaction, { intent, charge, invoice }: DebitedPayment): void {
  const outcome = declined("insufficient_funds");
  const [code, message] = [
    "insufficient_funds",
    "The customer's account has insufficient funds.",
  ] as const;
  Object.assign(intent, {
    status: "requires_payment_method",
    payment_method: null,
    last_payment_error: { charge: charge.id, code, message, type: "card_error" },
  });
  Object.assign(charge, { status: "failed", failure_code: code, failure_message: message });
  if (invoice === undefined) {
    emit(tx, "charge.failed", charge);
    emit(tx, "payment_intent.payment_failed", intent);
    return;
  }
  const forgotten = isForgotten(tx, invoice);
  const attempt = forgotten ? "by_customer" : "scheduled";
  failInvoice(tx, invoice, { charge, attempt, outcome, counted: true });
  if (forgotten) {
    voidInvoice(tx, invoice);
  }
}

/**
 * Whether an invoice is voided because its debit failed, as the first of a subscription is, which
 * stays active (docs.stripe.com/billing/subscriptions/overview).
 */
function isForgotten(tx: Transaction, invoice: WireInvoice): boolean {
  const first = invoice.billing_reason === "subscription_create";
  return first && tx.state.assumptions.firstDebit === "voids_invoice";
}

/** Tells those that waited for a debit to end: its Checkout Session, and its subscription. */
function endWaiting(tx: Transaction, debit: Debit, invoice: WireInvoice | undefined): void {
  const session = tx.state.checkoutSessions.get(debit.session ?? "");
  if (session !== undefined) {
    tellSession(tx, session, debit.succeeds);
  }
  const subscription = invoice && subscriptionOf(tx, invoice);
  if (subscription !== undefined) {
    tx.state.subscriptions.touch(subscription.id);
  }
}
