import { newId } from "../../state/ids.ts";
import type { WireBalanceTransaction } from "../../state/wire.ts";
import type { Transaction } from "../transaction.ts";

/** Money becomes available this long after it came. */
const PENDING_SECONDS = 2 * 86_400;

/** Money that moves into the account's balance, or out of it where the amount is negative. */
export interface Movement {
  type:
    | "adjustment"
    | "charge"
    | "payment"
    | "payment_failure_refund"
    | "refund"
    | "refund_failure";
  amount: number;
  currency: string;
  /** The charge, refund or dispute that moves it. */
  source: string;
  description: string | null;
}

const CATEGORIES: Record<Movement["type"], string> = {
  adjustment: "dispute",
  charge: "charge",
  payment: "charge",
  payment_failure_refund: "charge_failure",
  refund: "refund",
  refund_failure: "refund_failure",
};

/** Enters a movement of money in the books, without fees; emits nothing. */
export function recordMovement(tx: Transaction, movement: Movement): WireBalanceTransaction {
  const { type, amount, currency, source, description } = movement;
  const transaction: WireBalanceTransaction = {
    id: newId("txn"),
    object: "balance_transaction",
    amount,
    available_on: tx.now + PENDING_SECONDS,
    balance_type: "payments",
    created: tx.now,
    currency,
    description,
    exchange_rate: null,
    fee: 0,
    fee_details: [],
    net: amount,
    reporting_category: CATEGORIES[type],
    source,
    status: "pending",
    type,
  };
  tx.state.balanceTransactions.set(transaction.id, transaction);
  return transaction;
}

/** A movement as it stands at `now`: pending until its money is available. */
export function asOf(transaction: WireBalanceTransaction, now: number): WireBalanceTransaction {
  return {
    ...transaction,
    status: transaction.available_on <= now ? "available" : "pending",
  };
}
