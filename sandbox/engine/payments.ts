import { newId } from "../state/ids.ts";
import type { WireCharge, WirePaymentIntent } from "../state/wire.ts";
import { buildCharge } from "./paying/build_charge.ts";
import type { Outcome } from "./paying/outcome.ts";
import type { Transaction } from "./transaction.ts";

/** A payment that shall be made. */
export interface NewIntent {
  amount: number;
  currency: string;
  customer: string | null;
  description: string | null;
  metadata: Record<string, string>;
  shipping?: WirePaymentIntent["shipping"];
}

/** A payment to be made at once, and what shall come of it. */
export interface PaymentRequest extends NewIntent {
  paymentMethod: string | null;
  outcome: Outcome;
}

/** A payment that was tried once: its intent and its charge. */
export interface Payment {
  intent: WirePaymentIntent;
  charge: WireCharge;
}

/** Makes a payment and keeps its intent and its charge; emits nothing. */
export function makePayment(tx: Transaction, request: PaymentRequest): Payment {
  const intent = createIntent(tx, request);
  const charge = attemptIntent(tx, intent, request);
  if (charge === undefined) {
    throw new Error(`Cannot pay ${intent.id}: nothing was charged`);
  }
  return { intent, charge };
}

/** Begins a payment that waits for its payment method; emits nothing. */
export function createIntent(tx: Transaction, request: NewIntent): WirePaymentIntent {
  const id = newId("pi");
  const intent: WirePaymentIntent = {
    ...blankIntent(),
    id,
    object: "payment_intent",
    client_secret: `${id}_secret_sandbox`,
    created: tx.now,
    amount: request.amount,
    currency: request.currency,
    customer: request.customer,
    description: request.description,
    metadata: { ...request.metadata },
    shipping: request.shipping ?? null,
  };
  tx.state.paymentIntents.set(id, intent);
  return intent;
}

/**
 * Tries to pay an intent: keeps its charge, which is the answer, and says on the intent what came
 * of it. Nothing is charged where the customer has to authenticate first, or has no payment method.
 * Emits nothing.
 */
export function attemptIntent(
  tx: Transaction,
  intent: WirePaymentIntent,
  { paymentMethod, outcome }: { paymentMethod: string | null; outcome: Outcome },
): WireCharge | undefined {
  intent.next_action = null;
  intent.payment_method = paymentMethod;
  if (outcome.kind === "no_method") {
    intent.status = "requires_payment_method";
    return undefined;
  }
  if (outcome.kind === "requires_action") {
    intent.status = "requires_action";
    intent.next_action = { type: "use_stripe_sdk", use_stripe_sdk: {} };
    return undefined;
  }
  const charge = buildCharge(tx, intent, { paymentMethod, outcome });
  tx.state.charges.set(charge.id, charge);
  intent.latest_charge = charge.id;
  switch (outcome.kind) {
    case "succeeded":
      intent.last_payment_error = null;
      intent.status = charge.captured ? "succeeded" : "requires_capture";
      intent.amount_received = charge.amount_captured;
      intent.amount_capturable = charge.captured ? 0 : intent.amount;
      break;
    case "processing":
      intent.last_payment_error = null;
      intent.status = "processing";
      intent.payment_method_types = ["sepa_debit"];
      break;
    case "declined":
      intent.status = "requires_payment_method";
      intent.payment_method = null;
      intent.last_payment_error = {
        charge: charge.id,
        code: outcome.code,
        message: outcome.message,
        type: "card_error",
        ...(outcome.declineCode !== null && { decline_code: outcome.declineCode }),
      };
      break;
    default:
      outcome satisfies never;
  }
  return charge;
}

/** What every new payment intent of the sandbox has in common. */
function blankIntent() {
  return {
    allowed_payment_method_types: null,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic",
    confirmation_method: "automatic",
    customer_account: null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ["card"],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: "off_session",
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "requires_payment_method",
    transfer_data: null,
    transfer_group: null,
  } satisfies Partial<WirePaymentIntent>;
}
