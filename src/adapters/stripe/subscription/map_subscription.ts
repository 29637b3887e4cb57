import type { Period } from "../../../domain/subscription/billing_period.ts";
import {
  SUBSCRIPTION_STATUSES,
  type Subscription,
  type SubscriptionItem,
  type SubscriptionStatus,
} from "../../../domain/subscription/subscription.ts";
import { mapInterval } from "../catalog/map_interval.ts";
import type { WireObject } from "../wire_object.ts";

/**
 * A subscription from Stripe's JSON, of API versions with the period on the items (2025-03-31
 * and later) and with one period on the subscription (before) (P11).
 *
 * @throws {PortError} that names the field which is missing or unreadable
 */
export function mapSubscription(
  wire: WireObject,
  items: readonly WireObject[] = wire.child("items").objects("data"),
): Subscription {
  return {
    id: wire.text("id"),
    customerId: wire.id("customer"),
    tenantId: wire.childOrNull("metadata")?.textOrNull("tenantId") ?? null,
    status: mapStatus(wire.text("status")),
    items: items.map((item) => mapItem(item, wire)),
    billingCycleAnchor: wire.date("billing_cycle_anchor"),
    cancelAt: wire.dateOrNull("cancel_at"),
    cancelAtPeriodEnd: wire.flag("cancel_at_period_end"),
    trialEnd: wire.dateOrNull("trial_end"),
    scheduledChangeAt: mapScheduledChange(wire),
    createdAt: wire.date("created"),
    endedAt: wire.dateOrNull("ended_at"),
  };
}

function mapStatus(status: string): SubscriptionStatus {
  // A status that Stripe adds in future counts as live, so that no second subscription is sold
  // beside it, and gives no access, which only a known good standing does.
  return SUBSCRIPTION_STATUSES.find((known) => known === status) ?? "paused";
}

function mapItem(item: WireObject, subscription: WireObject): SubscriptionItem {
  const price = item.child("price");
  return {
    id: item.text("id"),
    priceId: price.text("id"),
    productId: price.id("product"),
    interval: mapInterval(price),
    amount: mapAmount(item, price),
    period: mapPeriod(item, subscription),
  };
}

function mapAmount(item: WireObject, price: WireObject): number | null {
  const amount = price.integerOrNull("unit_amount");
  return amount === null ? null : amount * (item.integerOrNull("quantity") ?? 1);
}

/** The start of the next phase of its schedule, which is read only where it was expanded. */
function mapScheduledChange(subscription: WireObject): Date | null {
  const schedule = subscription.childOrNull("schedule");
  const current = schedule?.childOrNull("current_phase")?.dateOrNull("start_date") ?? null;
  if (schedule === null || current === null) {
    return null;
  }
  const starts = schedule.objects("phases").map((phase) => phase.date("start_date"));
  return starts.filter((start) => start > current).toSorted((a, b) => +a - +b)[0] ?? null;
}

function mapPeriod(item: WireObject, subscription: WireObject): Period {
  const start =
    item.dateOrNull("current_period_start") ?? subscription.dateOrNull("current_period_start");
  const end =
    item.dateOrNull("current_period_end") ?? subscription.dateOrNull("current_period_end");
  const period = {
    start: start ?? item.date("current_period_start"),
    end: end ?? item.date("current_period_end"),
  };
  if (period.end < period.start) {
    throw item.contradiction(`the period of item "${item.text("id")}" ends before it starts`);
  }
  return period;
}
