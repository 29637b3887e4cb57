import type { WireSubscription } from "../../state/wire.ts";

/** Says what becomes of a trial that ends without a payment method. */
export function scheduleTrialEnd(
  subscription: WireSubscription,
  behavior: "cancel" | "create_invoice" | "pause",
): void {
  subscription.trial_settings = {
    end_behavior: { billing_cycle_anchor: null, missing_payment_method: behavior },
  };
}
