import type { Stripe } from "stripe";
import type { PortalOrder } from "../../../application/ports/catalog/catalog_publisher.ts";
import { type FieldChange, fieldChanges } from "../../../domain/catalog/field_change.ts";
import type { WireObject } from "../wire_object.ts";

/** The `managedBy` metadata that marks products and Portal configurations as ours. */
export const MANAGED_BY = "mailingcore-billing";

/** The parameters of a Portal configuration. */
export type PortalSettings = ReturnType<typeof portalSettings>;

type SubscriptionUpdate =
  Stripe.BillingPortal.ConfigurationCreateParams.Features.SubscriptionUpdate;

/**
 * Builds the parameters of a Portal configuration: what customers can do there.
 *
 * - Cancelling takes effect at the end of the paid period (P19). Nobody can pause.
 * - The home page offers no plan changes; our own links lead to a change after showing what it
 *   means.
 * - Behind these links, customers can only switch to the catalogue's prices (P20). A dearer plan or
 *   a longer interval starts at once with a new period, paid in full less the unused rest of the
 *   old one. A cheaper plan or a shorter interval starts when the current period ends. Any change
 *   ends a trial.
 *
 * Source: Stripe API, "Create a portal configuration".
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
    billing_cycle_anchor: "now",
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

/**
 * Lists how a configuration at Stripe differs from the order: all of its fields if `wire` is
 * undefined.
 */
export function portalDifferences(
  wire: WireObject | undefined,
  order: PortalOrder,
): readonly FieldChange[] {
  return fieldChanges(wire === undefined ? {} : actualFields(wire), wantedFields(order));
}

function wantedFields(order: PortalOrder): object {
  const { default_return_url, features } = portalSettings(order);
  const update = features.subscription_update;
  return {
    default_return_url,
    ...enabledFields((name) => features[name].enabled),
    "customer_update.allowed_updates": sorted(features.customer_update.allowed_updates),
    "subscription_cancel.mode": features.subscription_cancel.mode,
    ...(update.enabled && {
      "subscription_update.billing_cycle_anchor": update.billing_cycle_anchor,
      "subscription_update.default_allowed_updates": sorted(update.default_allowed_updates),
      "subscription_update.proration_behavior": update.proration_behavior,
      "subscription_update.trial_update_behavior": update.trial_update_behavior,
      "subscription_update.schedule_at_period_end": sorted(
        update.schedule_at_period_end.conditions.map(({ type }) => type),
      ),
      products: Object.fromEntries(
        update.products.map(({ product, prices }) => [product, sorted(prices)]),
      ),
    }),
  };
}

function actualFields(wire: WireObject): object {
  const features = wire.child("features");
  const update = features.childOrNull("subscription_update");
  const conditions = update?.childOrNull("schedule_at_period_end")?.objectsOrNone("conditions");
  const allowedUpdates = features.childOrNull("customer_update")?.texts("allowed_updates");
  return {
    default_return_url: wire.textOrNull("default_return_url"),
    ...enabledFields((name) => features.childOrNull(name)?.flag("enabled") ?? false),
    "customer_update.allowed_updates": sorted(allowedUpdates ?? []),
    "subscription_cancel.mode": features.childOrNull("subscription_cancel")?.textOrNull("mode"),
    ...(update?.flag("enabled") && {
      "subscription_update.billing_cycle_anchor": update.textOrNull("billing_cycle_anchor"),
      "subscription_update.default_allowed_updates": sorted(
        update.texts("default_allowed_updates"),
      ),
      "subscription_update.proration_behavior": update.textOrNull("proration_behavior"),
      "subscription_update.trial_update_behavior": update.textOrNull("trial_update_behavior"),
      "subscription_update.schedule_at_period_end": sorted(
        conditions?.map((condition) => condition.text("type")) ?? [],
      ),
      products: Object.fromEntries(
        update
          .objectsOrNone("products")
          .map((product) => [product.text("product"), sorted(product.texts("prices"))]),
      ),
    }),
  };
}

function enabledFields(
  isEnabled: (feature: keyof PortalSettings["features"]) => boolean,
): Readonly<Record<string, boolean>> {
  const names = [
    "customer_update",
    "invoice_history",
    "payment_method_update",
    "subscription_cancel",
    "subscription_update",
  ] as const;
  return Object.fromEntries(names.map((name) => [`${name}.enabled`, isEnabled(name)]));
}

function sorted(texts: readonly string[]): string {
  return texts.toSorted().join(" ");
}
