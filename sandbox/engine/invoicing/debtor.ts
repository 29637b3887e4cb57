import type { WireInvoice, WireSubscription } from "../../state/wire.ts";
import { emitChange, type Transaction } from "../transaction.ts";

/** Whether the customer's last automatic payment failed, as Stripe keeps it on the customer. */
export function setDelinquent(tx: Transaction, invoice: WireInvoice, delinquent: boolean): void {
  const customer = tx.state.customers.get(invoice.customer ?? "");
  if (customer !== undefined) {
    emitChange(tx, "customer.updated", customer, (changed) => {
      changed.delinquent = delinquent;
    });
  }
}

/** The subscription that the invoice bills; undefined where there is none. */
export function subscriptionOf(
  tx: Pick<Transaction, "state">,
  invoice: WireInvoice,
): WireSubscription | undefined {
  return tx.state.subscriptions.get(invoice.parent?.subscription_details?.subscription ?? "");
}
