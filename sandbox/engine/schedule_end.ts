import type { WireSubscription } from "../state/wire.ts";
import { invalidRequest } from "./request_error.ts";
import { currentPeriodEnd, isLive } from "./subscriptions.ts";
import type { Transaction } from "./transaction.ts";

/** How a subscription shall end: at the period's end, at an instant in Unix seconds, or not. */
export type EndRequest =
  | { kind: "at_period_end" }
  | { kind: "at"; timestamp: number }
  | { kind: "never" };

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
