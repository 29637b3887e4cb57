import { newId } from "../../state/ids.ts";
import type { WireCharge, WireRefund } from "../../state/wire.ts";
import { invalidRequest } from "../request_error.ts";
import { emit, emitChange, type Transaction } from "../transaction.ts";
import { recordMovement } from "./books.ts";

const DAY_SECONDS = 86_400;

/** What is to be refunded. */
export interface NewRefund {
  /** Undefined is all that is left. */
  amount: number | undefined;
  reason: WireRefund["reason"];
  metadata: Record<string, string>;
}

/**
 * Refunds a charge, all or in part; emits `refund.created` and `charge.refunded`. With some test
 * cards the refund is pending for a day, or fails after one (docs.stripe.com/testing#refunds).
 * @throws {RequestError} where the charge was not paid, is disputed, or less is left of it
 */
export function createRefund(tx: Transaction, charge: WireCharge, wanted: NewRefund): WireRefund {
  const left = charge.amount_captured - charge.amount_refunded;
  const amount = wanted.amount ?? left;
  if (charge.status !== "succeeded") {
    throw invalidRequest(`Charge ${charge.id} cannot be refunded: it was not paid.`, "charge");
  }
  if (isDisputed(tx, charge)) {
    throw invalidRequest(
      `Charge ${charge.id} has been charged back; cannot issue a refund.`,
      undefined,
      "charge_disputed",
    );
  }
  if (left === 0) {
    throw invalidRequest(
      `Charge ${charge.id} has already been refunded.`,
      undefined,
      "charge_already_refunded",
    );
  }
  if (amount > left) {
    throw invalidRequest(
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left}).`,
      "amount",
    );
  }
  const later = laterStatus(tx, charge);
  const id = newId("re");
  const { currency } = charge;
  const refund: WireRefund = {
    id,
    object: "refund",
    amount,
    balance_transaction: recordMovement(tx, {
      type: "refund",
      amount: -amount,
      currency,
      source: id,
      description: `REFUND FOR CHARGE${charge.description === null ? "" : ` (${charge.description})`}`,
    }).id,
    charge: charge.id,
    created: tx.now,
    currency,
    customer: charge.customer,
    customer_account: null,
    metadata: wanted.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: wanted.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: later === "succeeded" ? "pending" : "succeeded",
    transfer_reversal: null,
  };
  tx.state.refunds.set(id, refund);
  if (later !== undefined) {
    tx.state.refundTurns.set(id, { at: tx.now + DAY_SECONDS, status: later });
  }
  emit(tx, "refund.created", refund);
  emitChange(tx, "charge.refunded", charge, (changed) => {
    changed.amount_refunded += amount;
    changed.refunded = changed.amount_refunded === changed.amount;
  });
  return refund;
}

/**
 * Lets a refund fail after all, as a bank may return it days later; emits `refund.updated`,
 * `refund.failed` and `charge.refund.updated`.
 * @throws {RequestError} where it has failed already
 */
export function failRefund(tx: Transaction, refund: WireRefund): void {
  if (refund.status === "failed") {
    throw invalidRequest("This refund has failed already.");
  }
  const charge = tx.state.charges.get(refund.charge ?? "");
  if (charge !== undefined) {
    charge.amount_refunded -= refund.amount;
    charge.refunded = false;
  }
  emitChange(tx, "refund.updated", refund, (changed) => {
    changed.status = "failed";
    changed.failure_reason = "declined";
    changed.failure_balance_transaction = recordMovement(tx, {
      type: "refund_failure",
      amount: refund.amount,
      currency: refund.currency,
      source: refund.id,
      description: "REFUND FAILURE",
    }).id;
  });
  emit(tx, "refund.failed", refund);
  emit(tx, "charge.refund.updated", refund);
}

/** Lets a refund that was pending, or is returned later, come to its end. */
export function turnRefund(tx: Transaction, id: string): void {
  const turn = tx.state.refundTurns.get(id);
  const refund = tx.state.refunds.get(id);
  tx.state.refundTurns.delete(id);
  if (turn === undefined || refund === undefined || refund.status === "failed") {
    return;
  }
  if (turn.status === "failed") {
    failRefund(tx, refund);
    return;
  }
  emitChange(tx, "refund.updated", refund, (changed) => {
    changed.status = "succeeded";
  });
  emit(tx, "charge.refund.updated", refund);
}

/** How the refund of a test card's charge ends a day later; undefined where it ends at once. */
function laterStatus(tx: Transaction, charge: WireCharge): "succeeded" | "failed" | undefined {
  switch (tx.state.cardNumbers.get(charge.payment_method ?? "")) {
    case "4000000000007726":
      return "succeeded";
    case "4000000000005126":
      return "failed";
    default:
      return undefined;
  }
}

function isDisputed(tx: Transaction, charge: WireCharge): boolean {
  return [...tx.state.disputes.values()].some(
    (dispute) => dispute.charge === charge.id && !dispute.is_charge_refundable,
  );
}
