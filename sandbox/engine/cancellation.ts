import type { WireSubscription } from "../state/wire.ts";
import { stopCollection } from "./invoices.ts";
import { invalidRequest } from "./request_error.ts";
import { dropSchedule } from "./schedules.ts";
import { currentPeriodEnd, isLive } from "./subscriptions.ts";
import { emit, emitChange, type Transaction } from "./transaction.ts";

/** How a subscription shall end: at the period's end, at an instant in Unix seconds, or not. */
export type EndRequest =
  | { kind: "at_period_end" }
  | { kind: "at"; timestamp: number }
  | { kind: "never" };

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
 * Schedules the end of a live subscription or takes it back, by changing `subscription` only.
 * `at_period_end` sets both fields as the API does; the Portal asks for `at` the period's end.
 * @throws {RequestError} where the subscription has ended or the time lies in the past
 */
export function scheduleEnd(
  tx: Transaction,
  subscription: WireSubscription,
  end: EndRequest,
): void {
  if (!isLive(subscription)) {
    throw invalidRequest(
      "A canceled subscription can only update its cancellation_details and metadata.",
    );
  }
  if (end.kind === "at" && end.timestamp <= tx.now) {
    throw invalidRequest("`cancel_at` must be in the future.", "cancel_at");
  }
  const details = subscription.cancellation_details;
  const scheduled = end.kind !== "never";
  subscription.cancel_at_period_end = end.kind === "at_period_end";
  subscription.cancel_at =
    end.kind === "at" ? end.timestamp : scheduled ? currentPeriodEnd(subscription) : null;
  subscription.canceled_at = scheduled ? tx.now : null;
  subscription.cancellation_details = {
    comment: scheduled ? (details?.comment ?? null) : null,
    feedback: scheduled ? (details?.feedback ?? null) : null,
    feedback_option: null,
    reason: scheduled ? "cancellation_requested" : null,
  };
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
