import type { WireCharge, WireInvoice, WirePaymentIntent } from "../../state/wire.ts";
import { chargeInvoice } from "../collection.ts";
import { invoiceOfIntent } from "../invoicing/invoice_payment.ts";
import { attemptIntent } from "../payments.ts";
import { cardDeclined, invalidRequest, RequestError } from "../request_error.ts";
import { emit, emitChange, type Transaction } from "../transaction.ts";
import { enterCharge } from "./build_charge.ts";
import { emitCharged } from "./charge_events.ts";
import { type Outcome, outcomeOf, type Presence } from "./outcome.ts";

/** What the answer to a failed payment must say. */
const AUTHENTICATION_REQUIRED = "Your card was declined. This transaction requires authentication.";

/**
 * Tries to pay an intent; emits the events of what comes of it. That of an invoice pays the
 * invoice.
 * @throws {RequestError} where it cannot be confirmed; 402 where the payment is declined
 */
export function confirmIntent(
  tx: Transaction,
  intent: WirePaymentIntent,
  { paymentMethod, presence }: { paymentMethod: string | null; presence: Presence },
): void {
  if (
    !["requires_payment_method", "requires_confirmation", "requires_action"].includes(intent.status)
  ) {
    throw unexpectedState(intent, "confirm");
  }
  if (paymentMethod === null) {
    throw invalidRequest(
      "You cannot confirm this PaymentIntent because it's missing a payment method.",
      "payment_method",
      "payment_intent_unexpected_state",
    );
  }
  const invoice = invoiceOfIntent(tx.state, intent.id);
  const outcome =
    invoice === undefined
      ? attempt(tx, intent, { paymentMethod, presence })
      : chargeInvoice(tx, invoice, { attempt: "by_customer", presence, paymentMethod });
  throwDeclined(tx, intent, { outcome, presence, paymentMethod });
}

function attempt(
  tx: Transaction,
  intent: WirePaymentIntent,
  { paymentMethod, presence }: { paymentMethod: string; presence: Presence },
): Outcome {
  const outcome = outcomeOf(tx.state, paymentMethod, presence);
  const charge = attemptIntent(tx, intent, { paymentMethod, outcome });
  switch (outcome.kind) {
    case "succeeded":
      succeed(tx, intent, charge);
      break;
    case "processing":
      tx.state.debits.set(intent.id, {
        settlesAt: tx.now + outcome.seconds,
        succeeds: outcome.succeeds,
        invoice: null,
      });
      emit(tx, "payment_intent.processing", intent);
      emit(tx, "charge.pending", charge ?? intent);
      break;
    case "requires_action":
      if (presence === "off_session") {
        intent.status = "requires_payment_method";
        intent.next_action = null;
        emit(tx, "payment_intent.payment_failed", intent);
      } else {
        emit(tx, "payment_intent.requires_action", intent);
      }
      break;
    case "declined":
      emit(tx, "charge.failed", charge ?? intent);
      emit(tx, "payment_intent.payment_failed", intent);
      break;
    case "no_method":
      break;
    default:
      outcome satisfies never;
  }
  return outcome;
}

function succeed(tx: Transaction, intent: WirePaymentIntent, charge?: WireCharge): void {
  if (charge !== undefined) {
    emitCharged(tx, charge);
  }
  const captured = intent.status === "succeeded";
  emit(
    tx,
    captured ? "payment_intent.succeeded" : "payment_intent.amount_capturable_updated",
    intent,
  );
}

function throwDeclined(
  tx: Transaction,
  intent: WirePaymentIntent,
  {
    outcome,
    presence,
    paymentMethod,
  }: { outcome: Outcome; presence: Presence; paymentMethod: string },
): void {
  const about = {
    payment_intent: { ...intent },
    payment_method: tx.state.paymentMethods.get(paymentMethod),
  };
  if (outcome.kind === "declined") {
    throw cardDeclined(outcome.declineCode ?? outcome.code, about);
  }
  if (outcome.kind === "requires_action" && presence === "off_session") {
    throw new RequestError(AUTHENTICATION_REQUIRED, {
      status: 402,
      type: "card_error",
      code: "authentication_required",
      decline_code: "authentication_required",
      ...about,
    });
  }
}

/**
 * Takes the money of a payment that was authorised, all of it or less.
 * @throws {RequestError} where there is none to take, or less
 */
export function captureIntent(
  tx: Transaction,
  intent: WirePaymentIntent,
  amount = intent.amount_capturable,
): void {
  const charge = tx.state.charges.get(intent.latest_charge ?? "");
  if (intent.status !== "requires_capture" || charge === undefined) {
    throw unexpectedState(intent, "capture");
  }
  if (amount > intent.amount_capturable) {
    throw invalidRequest(
      "The amount to capture is greater than the amount that can be captured.",
      "amount_to_capture",
    );
  }
  intent.status = "succeeded";
  intent.amount_received = amount;
  intent.amount_capturable = 0;
  emitChange(tx, "charge.captured", charge, (captured) => {
    captured.captured = true;
    captured.amount_captured = amount;
    captured.balance_transaction = enterCharge(tx, { ...charge, amount });
  });
  emit(tx, "payment_intent.succeeded", intent);
}

/**
 * Calls a payment off; emits `payment_intent.canceled`, and `charge.refunded` for money that was
 * only authorised.
 * @throws {RequestError} where it is an invoice's, made or under way
 */
export function cancelIntent(
  tx: Transaction,
  intent: WirePaymentIntent,
  reason: WirePaymentIntent["cancellation_reason"],
): void {
  const invoice: WireInvoice | undefined = invoiceOfIntent(tx.state, intent.id);
  if (invoice !== undefined) {
    throw invalidRequest(
      `You cannot cancel this PaymentIntent because it belongs to the invoice ${invoice.id}. Void ` +
        "the invoice instead.",
      undefined,
      "payment_intent_unexpected_state",
    );
  }
  if (["succeeded", "canceled", "processing"].includes(intent.status)) {
    throw unexpectedState(intent, "cancel");
  }
  const charge = tx.state.charges.get(intent.latest_charge ?? "");
  if (intent.status === "requires_capture" && charge !== undefined) {
    emitChange(tx, "charge.refunded", charge, (released) => {
      released.refunded = true;
      released.amount_refunded = released.amount;
    });
  }
  intent.status = "canceled";
  intent.canceled_at = tx.now;
  intent.cancellation_reason = reason;
  intent.amount_capturable = 0;
  intent.next_action = null;
  emit(tx, "payment_intent.canceled", intent);
}

function unexpectedState(intent: WirePaymentIntent, doing: string): RequestError {
  return invalidRequest(
    `You cannot ${doing} this PaymentIntent because it has a status of ${intent.status}.`,
    undefined,
    "payment_intent_unexpected_state",
  );
}
