import type { WireObject } from "./wire_object.ts";

/** The mark of the Portal configuration that is ours. */
export const MANAGED_BY = "mailingcore-billing";

/** What customers can do in the Portal. Cancelling keeps what is paid; plans change elsewhere. */
export function portalSettings(returnUrl: string) {
  return {
    default_return_url: returnUrl,
    features: {
      customer_update: { enabled: true, allowed_updates: ["address", "email", "name", "tax_id"] },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true, mode: "at_period_end" },
    },
  };
}

/** Whether a configuration at Stripe already is as it should be. */
export function hasPortalSettings(
  wire: WireObject,
  { default_return_url, features }: ReturnType<typeof portalSettings>,
): boolean {
  const actual = wire.child("features");
  const customerUpdate = actual.childOrNull("customer_update");
  const cancel = actual.childOrNull("subscription_cancel");
  return (
    wire.textOrNull("default_return_url") === default_return_url &&
    Object.keys(features).every((name) => actual.childOrNull(name)?.flag("enabled") === true) &&
    cancel?.textOrNull("mode") === features.subscription_cancel.mode &&
    sameTexts(customerUpdate?.texts("allowed_updates"), features.customer_update.allowed_updates)
  );
}

function sameTexts(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a !== undefined && a.toSorted().join() === b.toSorted().join();
}
