import { newId } from "../state/ids.ts";
import type { WireCharge, WireRefund } from "../state/wire.ts";
import { invalidRequest } from "./request_error.ts";
import { emit, emitChange, type Transaction } from "./transaction.ts";

/** What is to be refunded. */
export interface NewRefund {
  /** Undefined is all that is left. */
  amount: number | undefined;
  reason: WireRefund["reason"];
  metadata: Record<string, string>;
}

/**
 * Refunds a charge, all or in part; emits `refund.created` and `charge.refunded`.
 * @throws {RequestError} where the charge was not paid, or less is left of it
 */
export function createRefund(tx: Transaction, charge: WireCharge, wanted: NewRefund): WireRefund {
  const left = charge.amount_captured - charge.amount_refunded;
  const amount = wanted.amount ?? left;
  if (charge.status !== "succeeded") {
    throw invalidRequest(`Charge ${charge.id} cannot be refunded: it was not paid.`, "charge");
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
  const refund: WireRefund = {
    id: newId("re"),
    object: "refund",
    amount,
    balance_transaction: newId("txn"),
    charge: charge.id,
    created: tx.now,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    metadata: wanted.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: wanted.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: "succeeded",
    transfer_reversal: null,
  };
  tx.state.refunds.set(refund.id, refund);
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
    changed.failure_balance_transaction = newId("txn");
  });
  emit(tx, "refund.failed", refund);
  emit(tx, "charge.refund.updated", refund);
}
