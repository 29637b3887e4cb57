import type { Interval } from "../catalog/catalog.ts";
import type { Period } from "./billing_period.ts";

/** Stripe's subscription statuses. Source: Stripe, "How subscriptions work". */
export const SUBSCRIPTION_STATUSES = [
  "incomplete",
  "incomplete_expired",
  "trialing",
  "active",
  "past_due",
  "canceled",
  "unpaid",
  "paused",
] as const;

export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

/** A price that a subscription charges for. */
export interface SubscriptionItem {
  readonly id: string;
  readonly priceId: string;
  readonly productId: string;
  readonly interval: Interval | null;
  /** Minor units per interval for the whole quantity; `null` if that is not a whole number. */
  readonly amount: number | null;
  /** The current period of this item; items of one subscription may differ (P11). */
  readonly period: Period;
}

/** A subscription as the payment provider reports it now. */
export interface Subscription {
  readonly id: string;
  readonly customerId: string;
  /** The tenant it was bought for; `null` if it is not one of ours. */
  readonly tenantId: string | null;
  readonly status: SubscriptionStatus;
  readonly items: readonly SubscriptionItem[];
  readonly billingCycleAnchor: Date;
  readonly cancelAt: Date | null;
  readonly cancelAtPeriodEnd: boolean;
  readonly trialEnd: Date | null;
  /** When a plan change that is already scheduled takes effect. */
  readonly scheduledChangeAt: Date | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/**
 * Whether a subscription with this status counts as "has a subscription", so that we must not sell
 * a second one (P17). Anything that can come alive again counts.
 */
export function isLive(status: SubscriptionStatus): boolean {
  return status !== "canceled" && status !== "incomplete_expired";
}

/** Whether a subscription with this status must be paid before anything else (P17). */
export function requiresPayment(status: SubscriptionStatus): boolean {
  switch (status) {
    case "past_due":
    case "unpaid":
    case "incomplete":
    case "paused":
      return true;
    case "active":
    case "trialing":
    case "canceled":
    case "incomplete_expired":
      return false;
    default:
      return status satisfies never;
  }
}

/** Returns the free days that a plan gives a tenant; `null` if it has had a trial before. */
export function trialDaysFor(
  plan: { readonly trialDays?: number | undefined },
  subscriptions: readonly Subscription[],
  tenantId: string,
): number | null {
  const had = subscriptions.some((one) => one.tenantId === tenantId && one.trialEnd !== null);
  return had ? null : (plan.trialDays ?? null);
}

/**
 * Finds the subscription that counts for a tenant (P14): of those that carry its id, the oldest
 * live one or else the one that ended last. Others are not ours.
 */
export function currentSubscription(
  subscriptions: readonly Subscription[],
  tenantId: string,
): Subscription | undefined {
  const ours = subscriptions.filter((subscription) => subscription.tenantId === tenantId);
  const live = ours.filter(({ status }) => isLive(status));
  if (live.length > 0) {
    return live.toSorted((a, b) => byTimeThenId(a.createdAt, b.createdAt, a.id, b.id))[0];
  }
  return ours.toSorted((a, b) =>
    byTimeThenId(b.endedAt ?? b.createdAt, a.endedAt ?? a.createdAt, b.id, a.id),
  )[0];
}

function byTimeThenId(a: Date, b: Date, aId: string, bId: string): number {
  return a.getTime() - b.getTime() || (aId < bId ? -1 : 1);
}

/**
 * Returns when a scheduled cancellation ends the subscription, or `null` (P13). Stripe has two ways
 * to say so; both mean the same.
 */
export function scheduledEnd(
  subscription: Pick<Subscription, "cancelAt" | "cancelAtPeriodEnd">,
  period: Period,
): Date | null {
  return subscription.cancelAt ?? (subscription.cancelAtPeriodEnd ? period.end : null);
}
