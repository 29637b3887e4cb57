import { cancelNow } from "../../engine/cancellation.ts";
import { emit, type Transaction } from "../../engine/transaction.ts";
import type { WireSchedule } from "../../state/wire.ts";

/**
 * Ends a schedule and its subscription after the last phase; emits
 * `subscription_schedule.completed` and `customer.subscription.deleted`.
 */
export function completeSchedule(tx: Transaction, schedule: WireSchedule): void {
  const subscription = tx.state.subscriptions.get(schedule.subscription ?? "");
  schedule.status = "completed";
  schedule.completed_at = tx.now;
  schedule.current_phase = null;
  emit(tx, "subscription_schedule.completed", schedule);
  if (subscription !== undefined) {
    cancelNow(tx, subscription, "cancellation_requested");
  }
}
