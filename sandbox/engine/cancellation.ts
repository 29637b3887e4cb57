import type { WireSubscription } from "../state/wire.ts";
import { stopCollection } from "./invoices.ts";
import { scheduleEnd } from "./schedule_end.ts";
import { dropSchedule } from "./schedules.ts";
import { currentPeriodEnd } from "./subscriptions.ts";
import { emit, emitChange, type Transaction } from "./transaction.ts";

/** What the customer said when canceling. */
export type CancellationRemarks = Partial<
  Pick<NonNullable<WireSubscription["cancellation_details"]>, "comment" | "feedback">
>;

/** Ends a subscription at once; emits `customer.subscription.deleted`. */
export function cancelNow(
  tx: Transaction,
  subscription: WireSubscription,
  reason: "cancellation_requested" | "payment_failed" | null,
  remarks: CancellationRemarks = {},
): void {
  subscription.status = "canceled";
  subscription.canceled_at ??= tx.now;
  subscription.ended_at = tx.now;
  subscription.cancellation_details = {
    comment: null,
    feedback: null,
    feedback_option: null,
    ...subscription.cancellation_details,
    reason: subscription.cancellation_details?.reason ?? reason,
    ...remarks,
  };
  for (const invoice of tx.state.invoices.of(subscription.id)) {
    if (invoice.status === "draft" || invoice.status === "open") {
      stopCollection(invoice);
    }
  }
  tx.state.pendingUpdates.delete(subscription.id);
  tx.state.resumptions.delete(subscription.id);
  subscription.pending_update = null;
  dropSchedule(tx, subscription);
  emit(tx, "customer.subscription.deleted", subscription);
}

/**
 * What the Portal's cancel button does: `cancel_at` becomes the period's end while
 * `cancel_at_period_end` stays false, as Stripe does in flexible billing mode.
 */
export function cancelAtPeriodEnd(
  tx: Transaction,
  subscription: WireSubscription,
  remarks: CancellationRemarks = {},
): void {
  const timestamp = currentPeriodEnd(subscription);
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    scheduleEnd(tx, changed, { kind: "at", timestamp });
    Object.assign(changed.cancellation_details ?? {}, remarks);
  });
}

/** Takes a scheduled end back. */
export function keepSubscription(tx: Transaction, subscription: WireSubscription): void {
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    scheduleEnd(tx, changed, { kind: "never" });
  });
}
