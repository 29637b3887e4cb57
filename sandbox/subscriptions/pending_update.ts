import { emit, emitChange, type Transaction } from "../engine/transaction.ts";
import { copyOf } from "../state/copy_of.ts";
import type { WireInvoice, WireSubscription } from "../state/wire.ts";

/** What a pending update makes of a subscription. */
const CHANGED = [
  ...(["billing_cycle_anchor", "billing_cycle_anchor_config", "items", "metadata"] as const),
  ...(["plan", "quantity", "trial_end", "trial_start"] as const),
];

/** Whether an invoice is the one that a subscription's pending update waits for. */
export function isPendingUpdateOf(
  { state }: Pick<Transaction, "state">,
  invoice: WireInvoice,
  subscription: WireSubscription,
): boolean {
  return state.pendingUpdates.get(subscription.id)?.invoice === invoice.id;
}

/**
 * Does what waited; emits `customer.subscription.updated` and
 * `customer.subscription.pending_update_applied`.
 */
export function applyPendingUpdate(tx: Transaction, subscription: WireSubscription): void {
  const pending = tx.state.pendingUpdates.get(subscription.id);
  if (pending === undefined) {
    return;
  }
  tx.state.pendingUpdates.delete(subscription.id);
  emitChange(tx, "customer.subscription.updated", subscription, (updated) => {
    const fields = Object.fromEntries(CHANGED.map((name) => [name, pending.changed[name]]));
    Object.assign(updated, copyOf(fields));
    if (updated.status === "trialing" || pending.changed.status === "trialing") {
      updated.status = pending.changed.status;
    }
    updated.pending_update = null;
  });
  emit(tx, "customer.subscription.pending_update_applied", subscription);
}

/** Forgets what waited; emits `customer.subscription.updated`. */
export function dropPendingUpdate(tx: Transaction, subscription: WireSubscription): void {
  tx.state.pendingUpdates.delete(subscription.id);
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    changed.pending_update = null;
  });
}
