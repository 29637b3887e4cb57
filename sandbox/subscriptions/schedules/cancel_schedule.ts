import { isLive } from "../../engine/subscriptions.ts";
import { emit, type Transaction } from "../../engine/transaction.ts";
import type { WireSchedule } from "../../state/wire.ts";
import { type CancelOptions, cancelSubscription } from "../cancel.ts";

/**
 * Ends a schedule and its subscription at once; emits `subscription_schedule.canceled` and what the
 * end of the subscription emits.
 */
export function cancelSchedule(
  tx: Transaction,
  schedule: WireSchedule,
  options: CancelOptions,
): void {
  const subscription = tx.state.subscriptions.get(schedule.subscription ?? "");
  schedule.status = "canceled";
  schedule.canceled_at = tx.now;
  schedule.current_phase = null;
  emit(tx, "subscription_schedule.canceled", schedule);
  if (subscription !== undefined && isLive(subscription)) {
    cancelSubscription(tx, subscription, options);
  }
}
