import { periodAt } from "../engine/billing_period.ts";
import type { WireSubscription } from "../state/wire.ts";
import { recurrenceOf } from "./subscription_item.ts";

/**
 * Begins a new period of every item and anchors the subscription there. Times are Unix seconds.
 *
 * @param trialEnd when the period ends because it is a trial; null where it is none
 */
export function restartPeriods(
  subscription: WireSubscription,
  now: number,
  trialEnd: number | null = null,
): void {
  subscription.billing_cycle_anchor = trialEnd ?? now;
  subscription.billing_cycle_anchor_config = null;
  for (const item of subscription.items.data) {
    item.current_period_start = now;
    item.current_period_end = trialEnd ?? periodAt(now, recurrenceOf(item.price), now).end;
  }
}
