import { voidInvoice } from "../engine/invoicing/close_invoice.ts";
import { emitChange, type Transaction } from "../engine/transaction.ts";
import type { WireSubscription } from "../state/wire.ts";

/** The first payment, and others that something waits for, may come this late. */
export const DEADLINE_SECONDS = 23 * 3600;

/** Makes a subscription active; emits `customer.subscription.updated`. */
export function activate(tx: Transaction, subscription: WireSubscription): void {
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    changed.status = "active";
  });
}

/**
 * Ends a subscription whose first payment did not come, and voids the invoice; emits
 * `customer.subscription.updated` and `invoice.voided` (Subscription.status).
 */
export function expireIncomplete(tx: Transaction, subscription: WireSubscription): void {
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    changed.status = "incomplete_expired";
    changed.ended_at = tx.now;
  });
  const invoice = tx.state.invoices.get(subscription.latest_invoice ?? "");
  if (invoice?.status === "open") {
    voidInvoice(tx, invoice);
  }
}
