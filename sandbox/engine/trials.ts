import type { State } from "../state/state.ts";
import type { WireSubscription } from "../state/wire.ts";
import { emit, type Transaction } from "./transaction.ts";

/** Stripe tells of the end of a trial this long before. */
const NOTICE_SECONDS = 3 * 86_400;

/**
 * When the end of a trial is to be announced, in Unix seconds: at once where the trial is shorter
 * than the notice. Null where there is no trial, or it was announced.
 */
export function trialReminderAt(state: State, subscription: WireSubscription): number | null {
  const { id, status, trial_end: end, trial_start: start } = subscription;
  if (status !== "trialing" || end === null || state.trialReminders.get(id) === end) {
    return null;
  }
  return Math.max(end - NOTICE_SECONDS, start ?? 0);
}

/** Emits `customer.subscription.trial_will_end`. */
export function announceTrialEnd(tx: Transaction, subscription: WireSubscription): void {
  if (trialReminderAt(tx.state, subscription) !== null) {
    tx.state.trialReminders.set(subscription.id, subscription.trial_end ?? tx.now);
    emit(tx, "customer.subscription.trial_will_end", subscription);
  }
}
