import { chargeInvoice } from "../engine/collection.ts";
import { finalizeInvoice } from "../engine/invoices.ts";
import { emit, emitChange, type Transaction } from "../engine/transaction.ts";
import { copyOf } from "../state/copy_of.ts";
import type { WireInvoice, WireSubscription } from "../state/wire.ts";
import { takePendingLines } from "./pending_lines.ts";
import { DEADLINE_SECONDS } from "./standing.ts";

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
  takePendingLines(tx, subscription, invoice.id);
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
      subscription_items: copyOf(changed.items.data),
      trial_end: moved(changed.trial_end, waiting.trial_end),
      trial_from_plan: null,
    };
  });
  emit(tx, "invoice.created", invoice);
  finalizeInvoice(tx, invoice);
  chargeInvoice(tx, invoice);
}
