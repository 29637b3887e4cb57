import { newId } from "../state/ids.ts";
import type { WireCharge, WirePaymentIntent } from "../state/wire.ts";
import type { Transaction } from "./transaction.ts";

/** A payment to be made with a customer's saved card. */
export interface PaymentRequest {
  amount: number;
  currency: string;
  customer: string | null;
  paymentMethod: string | null;
  description: string | null;
  metadata: Record<string, string>;
  succeeds: boolean;
}

/** A payment that was tried once: its intent and its charge, paid or declined. */
export interface Payment {
  intent: WirePaymentIntent;
  charge: WireCharge;
}

const DECLINE = { code: "card_declined", reason: "generic_decline" } as const;
const DECLINE_MESSAGE = "Your card was declined.";

/** Charges the card and keeps the payment intent and the charge; emits nothing. */
export function makePayment(tx: Transaction, request: PaymentRequest): Payment {
  const intentId = newId("pi");
  const chargeId = newId("ch");
  const charge = buildCharge(tx, request, { chargeId, intentId });
  const intent = buildIntent(tx, request, { chargeId, intentId });
  tx.state.charges.set(chargeId, charge);
  tx.state.paymentIntents.set(intentId, intent);
  return { intent, charge };
}

function buildIntent(
  tx: Transaction,
  request: PaymentRequest,
  ids: { chargeId: string; intentId: string },
): WirePaymentIntent {
  const { amount, currency, customer, description, metadata, paymentMethod, succeeds } = request;
  return {
    id: ids.intentId,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount,
    amount_capturable: 0,
    amount_received: succeeds ? amount : 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic",
    client_secret: `${ids.intentId}_secret_sandbox`,
    confirmation_method: "automatic",
    created: tx.now,
    currency,
    customer,
    customer_account: null,
    description,
    excluded_payment_method_types: null,
    last_payment_error: succeeds ? null : paymentError(ids.chargeId),
    latest_charge: ids.chargeId,
    livemode: false,
    managed_payments: null,
    metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: succeeds ? paymentMethod : null,
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
    status: succeeds ? "succeeded" : "requires_payment_method",
    transfer_data: null,
    transfer_group: null,
  };
}

function paymentError(charge: string): WirePaymentIntent["last_payment_error"] {
  return {
    charge,
    code: DECLINE.code,
    decline_code: DECLINE.reason,
    message: DECLINE_MESSAGE,
    type: "card_error",
  };
}

function buildCharge(
  tx: Transaction,
  request: PaymentRequest,
  ids: { chargeId: string; intentId: string },
): WireCharge {
  const { amount, currency, customer, description, metadata, paymentMethod, succeeds } = request;
  return {
    id: ids.chargeId,
    object: "charge",
    amount,
    amount_captured: succeeds ? amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: succeeds ? newId("txn") : null,
    billing_details: billingDetails(tx, paymentMethod),
    calculated_statement_descriptor: "SANDBOX",
    captured: succeeds,
    created: tx.now,
    currency,
    customer,
    description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: succeeds ? null : DECLINE.code,
    failure_message: succeeds ? null : DECLINE_MESSAGE,
    fraud_details: {},
    livemode: false,
    metadata,
    on_behalf_of: null,
    outcome: outcome(succeeds),
    paid: succeeds,
    payment_intent: ids.intentId,
    payment_method: paymentMethod,
    payment_method_details: cardDetails(tx, request),
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: succeeds ? "succeeded" : "failed",
    transfer_data: null,
    transfer_group: null,
  };
}

function billingDetails(
  tx: Transaction,
  paymentMethod: string | null,
): WireCharge["billing_details"] {
  const saved = tx.state.paymentMethods.get(paymentMethod ?? "")?.billing_details;
  return {
    address: saved?.address ?? null,
    email: saved?.email ?? null,
    name: saved?.name ?? null,
    phone: null,
    tax_id: null,
  };
}

function outcome(succeeds: boolean): WireCharge["outcome"] {
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: succeeds ? null : "01",
    network_status: succeeds ? "approved_by_network" : "declined_by_network",
    reason: succeeds ? null : DECLINE.reason,
    risk_level: "normal",
    risk_score: 1,
    seller_message: succeeds ? "Payment complete." : "The bank declined the payment.",
    type: succeeds ? "authorized" : "issuer_declined",
  };
}

function cardDetails(
  tx: Transaction,
  request: PaymentRequest,
): WireCharge["payment_method_details"] {
  const card = tx.state.paymentMethods.get(request.paymentMethod ?? "")?.card;
  if (card === undefined) {
    return null;
  }
  return {
    card: {
      amount_authorized: request.succeeds ? request.amount : null,
      authorization_code: null,
      brand: card.brand,
      checks: card.checks,
      country: card.country,
      electronic_commerce_indicator: null,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: card.fingerprint ?? null,
      funding: card.funding,
      installments: null,
      last4: card.last4,
      mandate: null,
      network: "visa",
      network_transaction_id: null,
      regulated_status: "unregulated",
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
    type: "card",
  };
}
