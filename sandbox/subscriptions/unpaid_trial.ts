import { cancelNow } from "../engine/cancellation.ts";
import type { Transaction } from "../engine/transaction.ts";
import { defaultMethodOf } from "../engine/wallet/default_method.ts";
import type { WireSubscription } from "../state/wire.ts";
import { pauseSubscription } from "./standing.ts";

/**
 * What becomes of a trial that ends without a payment method, where it does not simply go on.
 * Source: docs.stripe.com/billing/subscriptions/trials, "Free trials without payment method".
 */
export function unpaidTrialEnd(
  { state }: Pick<Transaction, "state">,
  subscription: WireSubscription,
): "cancel" | "pause" | undefined {
  const { status, trial_settings: settings, collection_method: collection } = subscription;
  const behavior = settings?.end_behavior.missing_payment_method;
  if (status !== "trialing" || collection !== "charge_automatically") {
    return undefined;
  }
  if (defaultMethodOf(state, subscription) !== null) {
    return undefined;
  }
  return (["cancel", "pause"] as const).find((end) => end === behavior);
}

/** Ends or pauses a subscription whose trial is over; emits the events of it. */
export function endUnpaidTrial(
  tx: Transaction,
  subscription: WireSubscription,
  end: "cancel" | "pause",
): void {
  if (end === "pause") {
    pauseSubscription(tx, subscription, "trial_end_without_payment_method");
  } else {
    cancelNow(tx, subscription, null);
  }
}
