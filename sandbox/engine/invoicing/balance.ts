import { newId } from "../../state/ids.ts";
import type { WireCustomer, WireCustomerBalanceTransaction } from "../../state/wire.ts";
import { emitChange, type Transaction } from "../transaction.ts";

/** A change of what a customer owes (positive) or has to its credit (negative). */
export interface BalanceChange {
  amount: number;
  currency: string;
  type: WireCustomerBalanceTransaction["type"];
  invoice?: string;
  creditNote?: string;
  description?: string | null;
  metadata?: Record<string, string>;
}

/** Books a change of a customer's balance; emits `customer.updated`. */
export function changeBalance(
  tx: Transaction,
  customer: WireCustomer,
  change: BalanceChange,
): WireCustomerBalanceTransaction {
  const { amount, currency, type, invoice = null, creditNote = null } = change;
  const transaction: WireCustomerBalanceTransaction = {
    id: newId("cbtxn"),
    object: "customer_balance_transaction",
    amount,
    checkout_session: null,
    created: tx.now,
    credit_note: creditNote,
    currency,
    customer: customer.id,
    customer_account: null,
    description: change.description ?? null,
    ending_balance: (customer.balance ?? 0) + amount,
    invoice,
    livemode: false,
    metadata: { ...change.metadata },
    type,
  };
  tx.state.customerBalanceTransactions.set(transaction.id, transaction);
  emitChange(tx, "customer.updated", customer, (changed) => {
    changed.balance = transaction.ending_balance;
    changed.currency ??= currency;
  });
  return transaction;
}
