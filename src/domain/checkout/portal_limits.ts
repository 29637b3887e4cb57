import type { PlanPrice } from "../catalog/catalog.ts";
import {
  type CustomerSnapshot,
  oldestFirst,
  type SnapshotItem,
  type SnapshotSubscription,
} from "../subscription/customer_snapshot.ts";

/**
 * Why the Customer Portal cannot change a subscription's plan.
 *
 * - `several_items`: it changes subscriptions with one item only.
 * - `schedule_attached`: a subscription schedule has another phase for it that changes no plan.
 * - `invoiced_by_email`: it changes what is charged automatically only.
 * - `collection_paused`: an operator has paused the collection of payments.
 * - `other_currency`: the plan's price is in another currency than the subscription.
 * - `no_plan_item`: nothing that the subscription charges for can become a plan.
 *
 * Source: Stripe, "Integrate the customer portal", limitations. With a schedule whose last phase
 * runs, as the Portal's own leave it, the Portal changes plans (stripe-firebase-extensions#158).
 */
export const PORTAL_LIMITS = [
  "several_items",
  "schedule_attached",
  "invoiced_by_email",
  "collection_paused",
  "other_currency",
  "no_plan_item",
] as const;

export type PortalLimit = (typeof PORTAL_LIMITS)[number];

/** Finds out before Stripe is asked why the Portal cannot do a change; `null` if it can. */
export function portalLimit(
  subscription: SnapshotSubscription,
  price: Pick<PlanPrice, "currency">,
  { snapshot, item }: { snapshot: CustomerSnapshot; item: SnapshotItem | undefined },
): PortalLimit | null {
  if (subscription.collectionMethod === "send_invoice") {
    return "invoiced_by_email";
  }
  if (subscription.items.length > 1) {
    return "several_items";
  }
  if (subscription.schedule !== null && subscription.schedule.changeAt !== null) {
    return "schedule_attached";
  }
  if (subscription.pauseCollection !== null) {
    return "collection_paused";
  }
  if (item === undefined || !item.licensed) {
    return "no_plan_item";
  }
  const newest = oldestFirst(snapshot.invoices).findLast(
    ({ subscriptionId }) => subscriptionId === subscription.id,
  );
  return newest === undefined || newest.currency === price.currency ? null : "other_currency";
}
