import { newId } from "../../state/ids.ts";
import type { WirePaymentMethod, WireSetupAttempt, WireSetupIntent } from "../../state/wire.ts";
import { endSetup } from "../../subscriptions/setup/end_setup.ts";
import { cardDeclined, declineOf, invalidRequest } from "../request_error.ts";
import { emit, type Transaction } from "../transaction.ts";
import { blankSetupIntent } from "./blank_setup_intent.ts";
import { agreeToDebits } from "./mandates.ts";
import { attachPaymentMethod } from "./payment_methods.ts";
import { findTestCard } from "./test_cards.ts";

/** What a request says about a new setup intent. */
export type NewSetupIntent = Partial<
  Pick<WireSetupIntent, "customer" | "description" | "metadata" | "payment_method" | "usage">
>;

/** Begins to set a payment method up for later; emits `setup_intent.created`. */
export function createSetupIntent(tx: Transaction, fields: NewSetupIntent): WireSetupIntent {
  const id = newId("seti");
  const intent: WireSetupIntent = {
    ...blankSetupIntent(),
    id,
    object: "setup_intent",
    client_secret: `${id}_secret_sandbox`,
    created: tx.now,
    ...fields,
    status: fields.payment_method ? "requires_confirmation" : "requires_payment_method",
  };
  tx.state.setupIntents.set(id, intent);
  emit(tx, "setup_intent.created", intent);
  return intent;
}

/**
 * Confirms an intent with its payment method: it succeeds, or waits for its holder.
 * Emits `payment_method.attached` and `setup_intent.succeeded`, or `setup_intent.requires_action`.
 * @throws {RequestError} where it cannot be confirmed; 402 where the issuer declines, which emits
 * `setup_intent.setup_failed`
 */
export function confirmSetupIntent(
  tx: Transaction,
  intent: WireSetupIntent,
  returnUrl: string | null,
): void {
  requireStatus(intent, ["requires_payment_method", "requires_confirmation", "requires_action"]);
  const method = tx.state.paymentMethods.get(intent.payment_method ?? "");
  if (method === undefined) {
    throw invalidRequest(
      "You cannot confirm this SetupIntent because it's missing a payment method. Update the " +
        "SetupIntent with a payment method and then confirm it again.",
      undefined,
      "setup_intent_unexpected_state",
    );
  }
  const card = findTestCard(tx.state.cardNumbers.get(method.id) ?? "");
  if (card?.behavior === "declined") {
    fail(tx, intent, { method, reason: card.declineCode ?? "generic_decline" });
    const about = { setup_intent: { ...intent }, payment_method: { ...method } };
    throw cardDeclined(card.declineCode ?? "generic_decline", about);
  }
  if (card?.behavior.endsWith("challenge")) {
    intent.status = "requires_action";
    intent.next_action = nextAction(tx, intent, returnUrl);
    emit(tx, "setup_intent.requires_action", intent);
    return;
  }
  succeed(tx, intent, method);
}

/**
 * Sets up a payment method that was typed into Checkout, and confirmed where its bank asked. Emits
 * `payment_method.attached` and `setup_intent.succeeded`.
 * @throws {RequestError} where the intent is over
 */
export function setUpMethod(tx: Transaction, id: string, method: WirePaymentMethod | null): void {
  const intent = tx.state.setupIntents.get(id);
  if (intent !== undefined && method !== null) {
    requireStatus(intent, ["requires_payment_method", "requires_confirmation", "requires_action"]);
    intent.payment_method = method.id;
    if (method.customer !== null) {
      emit(tx, "payment_method.attached", method);
    }
    succeed(tx, intent, method);
  }
}

/**
 * What the holder's bank found; emits as {@linkcode confirmSetupIntent} does.
 * @throws {RequestError} where nobody was asked
 */
export function authenticateSetupIntent(
  tx: Transaction,
  intent: WireSetupIntent,
  authenticated: boolean,
): void {
  requireStatus(intent, ["requires_action"]);
  const method = tx.state.paymentMethods.get(intent.payment_method ?? "");
  if (method === undefined) {
    return;
  }
  if (authenticated) {
    succeed(tx, intent, method);
  } else {
    fail(tx, intent, { method, reason: "setup_intent_authentication_failure" });
  }
}

/** Gives an intent up; emits `setup_intent.canceled`. @throws {RequestError} where it is over */
export function cancelSetupIntent(
  tx: Transaction,
  intent: WireSetupIntent,
  reason: WireSetupIntent["cancellation_reason"],
): void {
  requireStatus(intent, ["requires_payment_method", "requires_confirmation", "requires_action"]);
  intent.status = "canceled";
  intent.cancellation_reason = reason;
  intent.next_action = null;
  emit(tx, "setup_intent.canceled", intent);
}

function succeed(tx: Transaction, intent: WireSetupIntent, method: WirePaymentMethod): void {
  if (intent.customer !== null) {
    attachPaymentMethod(tx, method, intent.customer);
  }
  intent.mandate = method.type === "sepa_debit" ? agreeToDebits(tx, method).id : null;
  intent.status = "succeeded";
  intent.next_action = null;
  intent.last_setup_error = null;
  intent.latest_attempt = keepAttempt(tx, intent, { method, status: "succeeded" });
  emit(tx, "setup_intent.succeeded", intent);
  endSetup(tx, intent);
}

function fail(
  tx: Transaction,
  intent: WireSetupIntent,
  { method, reason }: { method: WirePaymentMethod; reason: string },
): void {
  const { code, decline_code: decline, message } = declineOf(reason);
  const failed = reason === "setup_intent_authentication_failure";
  intent.status = "requires_payment_method";
  intent.next_action = null;
  intent.payment_method = null;
  intent.last_setup_error = failed
    ? {
        code: reason,
        message: "The latest attempt to set up the payment method has failed.",
        type: "invalid_request_error",
      }
    : {
        code,
        ...(decline !== undefined && { decline_code: decline }),
        message,
        type: "card_error",
      };
  intent.latest_attempt = keepAttempt(tx, intent, { method, status: "failed" });
  emit(tx, "setup_intent.setup_failed", intent);
}

function keepAttempt(
  tx: Transaction,
  intent: WireSetupIntent,
  { method, status }: { method: WirePaymentMethod; status: "failed" | "succeeded" },
): string {
  const attempt: WireSetupAttempt = {
    id: newId("setatt"),
    object: "setup_attempt",
    application: null,
    created: tx.now,
    customer: intent.customer,
    customer_account: null,
    flow_directions: null,
    livemode: false,
    on_behalf_of: null,
    payment_method: method.id,
    payment_method_details: { type: method.type },
    setup_error: intent.last_setup_error === null ? null : { ...intent.last_setup_error },
    setup_intent: intent.id,
    status,
    usage: intent.usage,
  };
  tx.state.setupAttempts.set(attempt.id, attempt);
  return attempt.id;
}

function nextAction(
  tx: Transaction,
  { id }: WireSetupIntent,
  returnUrl: string | null,
): WireSetupIntent["next_action"] {
  return returnUrl === null
    ? { type: "use_stripe_sdk", use_stripe_sdk: {} }
    : {
        type: "redirect_to_url",
        redirect_to_url: { return_url: returnUrl, url: `${tx.baseUrl}/3ds/${id}` },
      };
}

function requireStatus({ status }: WireSetupIntent, allowed: readonly string[]): void {
  if (!allowed.includes(status)) {
    throw invalidRequest(
      `This SetupIntent's status is \`${status}\`, but must be one of ${allowed.join(", ")}.`,
      undefined,
      "setup_intent_unexpected_state",
    );
  }
}
