import { newId } from "../../state/ids.ts";
import type { WireCharge, WirePaymentIntent, WirePaymentMethod } from "../../state/wire.ts";
import type { Transaction } from "../transaction.ts";
import { recordMovement } from "./books.ts";
import type { Outcome } from "./outcome.ts";

/** An attempt that reached the network: what was charged, and what came of it. */
export interface Attempted {
  paymentMethod: string | null;
  outcome: Exclude<Outcome, { kind: "no_method" | "requires_action" }>;
}

/** Builds the charge of an attempt and enters its money in the books. */
export function buildCharge(
  tx: Transaction,
  intent: WirePaymentIntent,
  { paymentMethod, outcome }: Attempted,
): WireCharge {
  const { amount, currency, customer, description, metadata } = intent;
  const id = newId("ch");
  const succeeds = outcome.kind === "succeeded";
  const failure = outcome.kind === "declined" ? outcome : null;
  const captured = succeeds && intent.capture_method !== "manual";
  return {
    id,
    object: "charge",
    amount,
    amount_captured: captured ? amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: captured ? enterCharge(tx, { id, amount, currency, description }) : null,
    billing_details: billingDetails(tx, paymentMethod),
    calculated_statement_descriptor: "SANDBOX",
    captured: captured || outcome.kind === "processing",
    created: tx.now,
    currency,
    customer,
    description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: { ...metadata },
    on_behalf_of: null,
    outcome: networkOutcome(outcome),
    paid: succeeds,
    payment_intent: intent.id,
    payment_method: paymentMethod,
    payment_method_details: methodDetails(tx, paymentMethod, { amount, succeeds }),
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: intent.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: succeeds ? "succeeded" : failure === null ? "pending" : "failed",
    transfer_data: null,
    transfer_group: null,
  };
}

/** Enters the money of a charge in the books; answers the id of the entry. */
export function enterCharge(
  tx: Transaction,
  charge: Pick<WireCharge, "id" | "amount" | "currency" | "description">,
): string {
  const { id: source, amount, currency, description } = charge;
  return recordMovement(tx, { type: "charge", amount, currency, source, description }).id;
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

function networkOutcome(outcome: Attempted["outcome"]): WireCharge["outcome"] {
  const reason = outcome.kind === "declined" ? (outcome.declineCode ?? outcome.code) : null;
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: reason === null ? null : "01",
    network_status: reason === null ? "approved_by_network" : "declined_by_network",
    reason,
    risk_level: "normal",
    risk_score: 1,
    seller_message: reason === null ? "Payment complete." : "The bank declined the payment.",
    type: reason === null ? "authorized" : "issuer_declined",
  };
}

function methodDetails(
  tx: Transaction,
  paymentMethod: string | null,
  { amount, succeeds }: { amount: number; succeeds: boolean },
): WireCharge["payment_method_details"] {
  const method = tx.state.paymentMethods.get(paymentMethod ?? "");
  if (method?.type === "sepa_debit") {
    return { sepa_debit: debitDetails(method), type: "sepa_debit" };
  }
  const card = method?.card;
  if (card === undefined) {
    return null;
  }
  return {
    card: {
      amount_authorized: succeeds ? amount : null,
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

type MethodDetails = NonNullable<WireCharge["payment_method_details"]>;

function debitDetails(method: WirePaymentMethod): NonNullable<MethodDetails["sepa_debit"]> {
  return {
    bank_code: method.sepa_debit?.bank_code ?? null,
    branch_code: method.sepa_debit?.branch_code ?? null,
    country: method.sepa_debit?.country ?? null,
    fingerprint: method.sepa_debit?.fingerprint ?? null,
    last4: method.sepa_debit?.last4 ?? null,
    mandate: null,
  };
}
