import { voidInvoice } from "../engine/invoicing/close_invoice.ts";
import { emit, type Transaction } from "../engine/transaction.ts";
import type { WireSubscription } from "../state/wire.ts";
import { dropPendingUpdate } from "./pending_update.ts";
import { expire } from "./standing.ts";

/**
 * Ends a subscription whose first payment did not come in time, and voids the invoice; emits
 * `customer.subscription.updated` and `invoice.voided` (Subscription.status).
 */
export function expireIncomplete(tx: Transaction, subscription: WireSubscription): void {
  expire(tx, subscription);
  voidOpen(tx, subscription.latest_invoice);
}

/**
 * Forgets a change that nobody paid in time, and voids its invoice; emits
 * `customer.subscription.updated`, `customer.subscription.pending_update_expired` and
 * `invoice.voided`.
 */
export function expirePendingUpdate(tx: Transaction, subscription: WireSubscription): void {
  const invoice = tx.state.pendingUpdates.get(subscription.id)?.invoice ?? null;
  dropPendingUpdate(tx, subscription);
  emit(tx, "customer.subscription.pending_update_expired", subscription);
  voidOpen(tx, invoice);
}

/** Voids the invoice of a resumption that nobody paid in time; the subscription stays paused. */
export function giveResumptionUp(tx: Transaction, subscription: WireSubscription): void {
  const invoice = tx.state.resumptions.get(subscription.id)?.invoice ?? null;
  tx.state.resumptions.delete(subscription.id);
  voidOpen(tx, invoice);
}

function voidOpen(tx: Transaction, id: string | null): void {
  const invoice = tx.state.invoices.get(id ?? "");
  if (invoice?.status === "open") {
    voidInvoice(tx, invoice);
  }
}
