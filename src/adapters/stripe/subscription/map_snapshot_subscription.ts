import type { Period } from "../../../domain/subscription/billing_period.ts";
import {
  END_REASONS,
  type EndReason,
  type SnapshotDiscount,
  type SnapshotItem,
  type SnapshotPaymentMethod,
  type SnapshotSubscription,
} from "../../../domain/subscription/customer_snapshot.ts";
import {
  SUBSCRIPTION_STATUSES,
  type SubscriptionStatus,
} from "../../../domain/subscription/subscription.ts";
import type { WireObject } from "../wire_object.ts";
import { mapPaymentMethod } from "./map_payment_method.ts";
import type { KnownPrice } from "./price_register.ts";

/** The facts about a subscription that its own JSON lacks. */
export interface SubscriptionParts {
  /** All items; the embedded list may be cut off. */
  readonly items: readonly WireObject[];
  readonly priceOf: (price: WireObject) => KnownPrice;
}

/**
 * Maps a subscription, both of API versions with a period on each item (2025-03-31 and later) and
 * of earlier ones with a single period on the subscription (P11).
 *
 * @throws {PortError} that names the missing or unreadable field
 */
export function mapSnapshotSubscription(
  wire: WireObject,
  { items, priceOf }: SubscriptionParts,
): SnapshotSubscription {
  return {
    id: wire.text("id"),
    customerId: wire.id("customer"),
    tenantId: wire.childOrNull("metadata")?.textOrNull("tenantId") ?? null,
    status: mapStatus(wire.text("status")),
    items: items.map((item) => mapItem(item, wire, priceOf)),
    billingCycleAnchor: wire.date("billing_cycle_anchor"),
    createdAt: wire.date("created"),
    endedAt: wire.dateOrNull("ended_at"),
    endReason: mapEndReason(wire),
    cancelAt: wire.dateOrNull("cancel_at"),
    cancelAtPeriodEnd: wire.flag("cancel_at_period_end"),
    trialEnd: wire.dateOrNull("trial_end"),
    pauseCollection: mapPause(wire),
    collectionMethod:
      wire.textOrNull("collection_method") === "send_invoice"
        ? "send_invoice"
        : "charge_automatically",
    taxTurnedOff:
      (wire.childOrNull("automatic_tax")?.textOrNull("disabled_reason") ?? null) !== null,
    schedule: mapSchedule(wire),
    pendingUpdate: mapPendingUpdate(wire),
    discounts: wire.expanded("discounts").flatMap(mapDiscount),
    paymentMethod: paymentMethodOf(wire),
  };
}

/**
 * Returns the next phase of the schedule; `null` if there is none or the schedule was not expanded.
 */
function nextPhase(subscription: WireObject): WireObject | null {
  const schedule = subscription.childOrNull("schedule");
  const current = schedule?.childOrNull("current_phase")?.dateOrNull("start_date") ?? null;
  if (schedule === null || current === null) {
    return null;
  }
  const later = schedule
    .objects("phases")
    .map((phase) => ({ phase, start: phase.date("start_date") }))
    .filter(({ start }) => start > current)
    .toSorted((a, b) => +a.start - +b.start);
  return later[0]?.phase ?? null;
}

/**
 * Maps a status. One that Stripe adds in future counts as live but not as good standing: it
 * prevents a second subscription and gives no access.
 */
function mapStatus(status: string): SubscriptionStatus {
  return SUBSCRIPTION_STATUSES.find((known) => known === status) ?? "paused";
}

function mapEndReason(wire: WireObject): EndReason | null {
  const reason = wire.childOrNull("cancellation_details")?.textOrNull("reason");
  return END_REASONS.find((known) => known === reason) ?? null;
}

function mapItem(
  item: WireObject,
  subscription: WireObject,
  priceOf: (price: WireObject) => KnownPrice,
): SnapshotItem {
  const price = item.child("price");
  const quantity = item.integerOrNull("quantity") ?? 1;
  const unit = price.integerOrNull("unit_amount");
  return {
    ...priceOf(price),
    id: item.text("id"),
    quantity,
    amount: unit === null ? null : unit * quantity,
    period: mapPeriod(item, subscription),
  };
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

const PAUSES = ["keep_as_draft", "mark_uncollectible", "void"] as const;

/**
 * Maps a pause. A behaviour that Stripe adds in future is read as `keep_as_draft`, which leaves
 * invoices unpaid.
 */
function mapPause(wire: WireObject): SnapshotSubscription["pauseCollection"] {
  const pause = wire.childOrNull("pause_collection");
  const behavior = pause?.textOrNull("behavior");
  return pause === null ? null : (PAUSES.find((known) => known === behavior) ?? "keep_as_draft");
}

function mapSchedule(wire: WireObject): SnapshotSubscription["schedule"] {
  const id = wire.idOrNull("schedule");
  const next = nextPhase(wire);
  const nextPriceIds = next?.objectsOrNone("items").map((item) => item.id("price")) ?? [];
  return id === null ? null : { id, changeAt: next?.date("start_date") ?? null, nextPriceIds };
}

function mapPendingUpdate(wire: WireObject): SnapshotSubscription["pendingUpdate"] {
  const pending = wire.childOrNull("pending_update");
  return pending === null ? null : { expiresAt: pending.date("expires_at") };
}

/** Maps a discount; one whose coupon was not expanded has no amount, so it is left out. */
function mapDiscount(discount: WireObject): SnapshotDiscount[] {
  const coupon =
    discount.childOrNull("source")?.childOrNull("coupon") ?? discount.childOrNull("coupon");
  return coupon === null
    ? []
    : [
        {
          id: discount.text("id"),
          percentOff: coupon.numberOrNull("percent_off"),
          amountOff: coupon.integerOrNull("amount_off"),
          once: coupon.textOrNull("duration") === "once",
          endsAt: discount.dateOrNull("end"),
        },
      ];
}

function paymentMethodOf(wire: WireObject): SnapshotPaymentMethod | null {
  const settings = wire.childOrNull("customer")?.childOrNull("invoice_settings");
  return mapPaymentMethod(
    wire.childOrNull("default_payment_method") ??
      settings?.childOrNull("default_payment_method") ??
      null,
  );
}
