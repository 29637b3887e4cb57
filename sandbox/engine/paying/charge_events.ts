import { newId } from "../../state/ids.ts";
import type { WireCharge, WireDispute, WireFraudWarning } from "../../state/wire.ts";
import { emit, type Transaction } from "../transaction.ts";
import { openDispute } from "./disputes.ts";

/** Test cards whose payments are disputed at once (docs.stripe.com/testing#disputes). */
const DISPUTED: Readonly<Record<string, { inquiry: boolean; reason: WireDispute["reason"] }>> = {
  "4000000000000259": { inquiry: false, reason: "fraudulent" },
  "4000000000002685": { inquiry: false, reason: "product_not_received" },
  "4000000000001976": { inquiry: true, reason: "fraudulent" },
};

const WARNED = "4000000000005423";

/** Emits `charge.succeeded`, and what a test card brings about after it. */
export function emitCharged(tx: Transaction, charge: WireCharge): void {
  emit(tx, "charge.succeeded", charge);
  const number = tx.state.cardNumbers.get(charge.payment_method ?? "") ?? "";
  const dispute = new Map(Object.entries(DISPUTED)).get(number);
  if (dispute !== undefined) {
    openDispute(tx, charge, dispute);
  } else if (number === WARNED) {
    warnOfFraud(tx, charge);
  }
}

/** Lets the issuer warn of fraud; emits `radar.early_fraud_warning.created`. */
export function warnOfFraud(tx: Transaction, charge: WireCharge): WireFraudWarning {
  const warning: WireFraudWarning = {
    id: newId("issfr"),
    object: "radar.early_fraud_warning",
    actionable: !charge.refunded && !charge.disputed,
    charge: charge.id,
    created: tx.now,
    fraud_type: "made_with_stolen_card",
    livemode: false,
    ...(charge.payment_intent !== null && { payment_intent: charge.payment_intent }),
  };
  tx.state.fraudWarnings.set(warning.id, warning);
  emit(tx, "radar.early_fraud_warning.created", warning);
  return warning;
}
