import type { CheckoutDetails } from "../state/checkout_details.ts";
import type { WireCheckoutSession } from "../state/wire.ts";
import { enterCharge } from "./paying/build_charge.ts";
import { emitCharged } from "./paying/charge_events.ts";
import { type Outcome, outcomeOf } from "./paying/outcome.ts";
import { makePayment, type Payment } from "./payments.ts";
import { emit, type Transaction } from "./transaction.ts";

/** How long a delayed payment method takes, until its money comes or does not. */
const DELAY_SECONDS = 3 * 86_400;

/** Who pays a session, and how. */
export interface OneTimePayer {
  /** Null for a guest. */
  customer: string | null;
  paymentMethod: string | null;
  details: CheckoutDetails | undefined;
}

/** Charges the card for a session in `payment` mode; emits the payment's events. */
export function payOnce(tx: Transaction, session: WireCheckoutSession, payer: OneTimePayer): void {
  const payment = makeSessionPayment(tx, session, payer);
  session.payment_intent = payment.intent.id;
  session.payment_status = "paid";
  emitSuccess(tx, payment);
}

/**
 * Begins a payment with a delayed method: the session completes unpaid, and is settled three days
 * later on the clock.
 */
export function payLater(tx: Transaction, session: WireCheckoutSession, payer: OneTimePayer): void {
  const debit = outcomeOf(tx.state, payer.paymentMethod, "on_session");
  const succeeds = debit.kind === "processing" && debit.succeeds;
  const outcome = { kind: "processing", seconds: DELAY_SECONDS, succeeds } as const;
  const { intent, charge } = makeSessionPayment(tx, session, payer, outcome);
  session.payment_intent = intent.id;
  session.payment_status = "unpaid";
  tx.state.delayedPayments.set(session.id, { settlesAt: tx.now + DELAY_SECONDS, succeeds });
  emit(tx, "payment_intent.created", intent);
  emit(tx, "payment_intent.processing", intent);
  emit(tx, "charge.pending", charge);
}

/** Ends a delayed payment as it was begun to end; emits Stripe's burst. */
export function settleDelayedPayment(tx: Transaction, session: WireCheckoutSession): void {
  const delayed = tx.state.delayedPayments.get(session.id);
  const intent = tx.state.paymentIntents.get(session.payment_intent ?? "");
  const charge = tx.state.charges.get(intent?.latest_charge ?? "");
  if (delayed === undefined || intent === undefined || charge === undefined) {
    return;
  }
  tx.state.delayedPayments.delete(session.id);
  if (delayed.succeeds) {
    Object.assign(intent, { status: "succeeded", amount_received: intent.amount });
    Object.assign(charge, { status: "succeeded", paid: true, amount_captured: charge.amount });
    charge.balance_transaction = enterCharge(tx, charge);
    emitCharged(tx, charge);
    emit(tx, "payment_intent.succeeded", intent);
  } else {
    Object.assign(intent, { status: "requires_payment_method", payment_method: null });
    Object.assign(charge, { status: "failed", failure_message: "The debit was returned." });
    emit(tx, "charge.failed", charge);
    emit(tx, "payment_intent.payment_failed", intent);
  }
  tellSession(tx, session, delayed.succeeds);
}

/** Says on a session what became of its delayed payment; emits the event of it. */
export function tellSession(
  tx: Transaction,
  session: WireCheckoutSession,
  succeeded: boolean,
): void {
  if (succeeded) {
    session.payment_status = "paid";
  }
  const end = succeeded ? "async_payment_succeeded" : "async_payment_failed";
  emit(tx, `checkout.session.${end}`, session);
}

function makeSessionPayment(
  tx: Transaction,
  session: WireCheckoutSession,
  { customer, paymentMethod, details }: OneTimePayer,
  outcome: Outcome = { kind: "succeeded" },
): Payment {
  const payment = makePayment(tx, {
    amount: session.amount_total ?? 0,
    currency: session.currency ?? "usd",
    customer,
    paymentMethod,
    description: details?.paymentDescription ?? null,
    metadata: { ...details?.paymentMetadata },
    shipping: details?.paymentShipping ?? null,
    outcome,
  });
  payment.intent.setup_future_usage = details?.setupFutureUsage ?? null;
  return payment;
}

function emitSuccess(tx: Transaction, { intent, charge }: Payment): void {
  emitCharged(tx, charge);
  emit(tx, "payment_intent.succeeded", intent);
  emit(tx, "payment_intent.created", intent);
}
