import { failInvoice, settleInvoice } from "../collection.ts";
import { emit, type Transaction } from "../transaction.ts";
import { enterCharge } from "./build_charge.ts";
import { emitCharged } from "./charge_events.ts";
import { declined } from "./outcome.ts";

/**
 * Ends a bank debit as it was begun to end: its money comes, or the debit is returned and its
 * invoice is as unpaid as after a declined card.
 */
export function settleDebit(tx: Transaction, intentId: string): void {
  const debit = tx.state.debits.get(intentId);
  const intent = tx.state.paymentIntents.get(intentId);
  const charge = tx.state.charges.get(intent?.latest_charge ?? "");
  tx.state.debits.delete(intentId);
  if (debit === undefined || intent === undefined || charge === undefined) {
    return;
  }
  const invoice = tx.state.invoices.get(debit.invoice ?? "");
  if (debit.succeeds) {
    Object.assign(intent, { status: "succeeded", amount_received: intent.amount });
    Object.assign(charge, { status: "succeeded", paid: true, amount_captured: charge.amount });
    charge.balance_transaction = enterCharge(tx, charge);
    if (invoice !== undefined) {
      settleInvoice(tx, invoice, intent.payment_method as string | null, charge);
      return;
    }
    emitCharged(tx, charge);
    emit(tx, "payment_intent.succeeded", intent);
    return;
  }
  const outcome = declined("insufficient_funds");
  Object.assign(intent, { status: "requires_payment_method", payment_method: null });
  Object.assign(charge, {
    status: "failed",
    failure_code: "insufficient_funds",
    failure_message: "The customer's account has insufficient funds.",
  });
  if (invoice !== undefined) {
    failInvoice(tx, invoice, { charge, attempt: "scheduled", outcome, counted: true });
    return;
  }
  emit(tx, "charge.failed", charge);
  emit(tx, "payment_intent.payment_failed", intent);
}
