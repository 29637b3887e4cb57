import { chargeInvoice } from "../engine/collection.ts";
import { finalizeInvoice } from "../engine/invoices.ts";
import { voidInvoice } from "../engine/invoicing/close_invoice.ts";
import { emit, emitChange, type Transaction } from "../engine/transaction.ts";
import type { WireInvoice, WireSubscription } from "../state/wire.ts";
import { DEADLINE_SECONDS } from "./incomplete.ts";

/** What a pending update makes of a subscription. */
const CHANGED = [
  ...(["billing_cycle_anchor", "billing_cycle_anchor_config", "items", "metadata"] as const),
  ...(["plan", "quantity", "trial_end", "trial_start"] as const),
];

/**
 * Keeps a change until its invoice is paid, which is tried at once; emits
 * `customer.subscription.updated` and the burst of the invoice. The subscription goes on as it was
 * (billing/subscriptions/pending-updates).
 *
 * @param changed the subscription as the change makes it
 */
export function keepPendingUpdate(
  tx: Transaction,
  subscription: WireSubscription,
  changed: WireSubscription,
  invoice: WireInvoice,
): void {
  const expires_at = tx.now + DEADLINE_SECONDS;
  tx.state.invoices.set(invoice.id, invoice);
  tx.state.pendingUpdates.set(subscription.id, { invoice: invoice.id, changed });
  tx.state.pendingLines.delete(subscription.id);
  const moved = <T>(now: T, before: T) => (now === before ? null : now);
  emitChange(tx, "customer.subscription.updated", subscription, (waiting) => {
    waiting.latest_invoice = invoice.id;
    waiting.pending_update = {
      billing_cycle_anchor: moved(changed.billing_cycle_anchor, waiting.billing_cycle_anchor),
      cancel_at_period_end: null,
      discount: null,
      discounts: null,
      expires_at,
      metadata:
        JSON.stringify(changed.metadata) === JSON.stringify(waiting.metadata)
          ? null
          : changed.metadata,
      subscription_items: structuredClone(changed.items.data),
      trial_end: moved(changed.trial_end, waiting.trial_end),
      trial_from_plan: null,
    };
  });
  emit(tx, "invoice.created", invoice);
  finalizeInvoice(tx, invoice);
  chargeInvoice(tx, invoice);
}

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
    Object.assign(updated, structuredClone(fields));
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

/**
 * Forgets what nobody paid in time, and voids its invoice; emits `customer.subscription.updated`,
 * `customer.subscription.pending_update_expired` and `invoice.voided`.
 */
export function expirePendingUpdate(tx: Transaction, subscription: WireSubscription): void {
  const invoice = tx.state.invoices.get(
    tx.state.pendingUpdates.get(subscription.id)?.invoice ?? "",
  );
  dropPendingUpdate(tx, subscription);
  emit(tx, "customer.subscription.pending_update_expired", subscription);
  if (invoice?.status === "open") {
    voidInvoice(tx, invoice);
  }
}
