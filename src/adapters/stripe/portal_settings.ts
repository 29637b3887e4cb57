import type { Stripe } from "stripe";
import type { PortalOrder } from "../../application/ports/catalog_publisher.ts";
import type { WireObject } from "./wire_object.ts";

/** The mark of the Portal configuration that is ours. */
export const MANAGED_BY = "mailingcore-billing";

/** What a Portal configuration is made to be. */
export type PortalSettings = ReturnType<typeof portalSettings>;

type SubscriptionUpdate =
  Stripe.BillingPortal.ConfigurationCreateParams.Features.SubscriptionUpdate;

/**
 * What customers can do in the Portal. Cancelling keeps what is paid (P19). Plans change to the
 * prices of the catalogue only (P20): dearer ones at once, the difference charged at once; cheaper
 * ones and shorter intervals at the end of the period. A change ends a trial.
 */
export function portalSettings({ returnUrl, offers }: PortalOrder) {
  return {
    default_return_url: returnUrl,
    features: {
      customer_update: { enabled: true, allowed_updates: ["address", "email", "name", "tax_id"] },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true, mode: "at_period_end" },
      subscription_update: subscriptionUpdate(offers),
    },
  };
}

function subscriptionUpdate(offers: PortalOrder["offers"]) {
  if (offers.length === 0) {
    return { enabled: false as const };
  }
  return {
    enabled: true as const,
    default_allowed_updates: ["price"],
    products: offers.map(({ productId, priceIds }) => ({
      product: productId,
      prices: [...priceIds],
    })),
    proration_behavior: "always_invoice",
    schedule_at_period_end: {
      conditions: [{ type: "decreasing_item_amount" }, { type: "shortening_interval" }],
    },
    trial_update_behavior: "end_trial",
  } satisfies SubscriptionUpdate;
}

/** Whether a configuration at Stripe already is as it should be. */
export function hasPortalSettings(
  wire: WireObject,
  { default_return_url, features }: PortalSettings,
): boolean {
  const actual = wire.child("features");
  const customerUpdate = actual.childOrNull("customer_update");
  const cancel = actual.childOrNull("subscription_cancel");
  const enabled = Object.entries(features).every(
    ([name, wanted]) => (actual.childOrNull(name)?.flag("enabled") ?? false) === wanted.enabled,
  );
  return (
    wire.textOrNull("default_return_url") === default_return_url &&
    enabled &&
    cancel?.textOrNull("mode") === features.subscription_cancel.mode &&
    sameTexts(customerUpdate?.texts("allowed_updates"), features.customer_update.allowed_updates) &&
    sameUpdate(actual.childOrNull("subscription_update"), features.subscription_update)
  );
}

function sameUpdate(
  actual: WireObject | null,
  wanted: PortalSettings["features"]["subscription_update"],
): boolean {
  if (!wanted.enabled) {
    return true;
  }
  const conditions = actual?.childOrNull("schedule_at_period_end")?.objectsOrNone("conditions");
  return (
    actual !== null &&
    sameTexts(actual.texts("default_allowed_updates"), wanted.default_allowed_updates) &&
    actual.textOrNull("proration_behavior") === wanted.proration_behavior &&
    actual.textOrNull("trial_update_behavior") === wanted.trial_update_behavior &&
    sameTexts(
      conditions?.map((condition) => condition.text("type")),
      wanted.schedule_at_period_end.conditions.map(({ type }) => type),
    ) &&
    sameTexts(
      actual.objectsOrNone("products").map(offerText),
      wanted.products.map(({ product, prices }) => `${product}:${prices.toSorted().join()}`),
    )
  );
}

function offerText(product: WireObject): string {
  return `${product.text("product")}:${product.texts("prices").toSorted().join()}`;
}

function sameTexts(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a !== undefined && a.toSorted().join(";") === b.toSorted().join(";");
}
