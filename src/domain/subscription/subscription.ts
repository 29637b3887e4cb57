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

/** One price that a subscription charges for. */
export interface SubscriptionItem {
  readonly id: string;
  readonly priceId: string;
  readonly productId: string;
  readonly interval: Interval | null;
  /** Minor units per interval, for all of its quantity; `null` where that is no whole number. */
  readonly amount: number | null;
  /** The current period of this item; items of one subscription may differ (P11). */
  readonly period: Period;
}

/** A subscription as the payment provider reports it right now. */
export interface Subscription {
  readonly id: string;
  readonly customerId: string;
  /** Whom it was bought for; `null` when it is not one of ours. */
  readonly tenantId: string | null;
  readonly status: SubscriptionStatus;
  readonly items: readonly SubscriptionItem[];
  readonly billingCycleAnchor: Date;
  readonly cancelAt: Date | null;
  readonly cancelAtPeriodEnd: boolean;
  readonly trialEnd: Date | null;
  /** When a change of plan that is already scheduled takes effect. */
  readonly scheduledChangeAt: Date | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/**
 * Whether a tenant with such a subscription "has a subscription": a second one must not be sold
 * (P17). Everything that can still come alive counts.
 */
export function isLive(status: SubscriptionStatus): boolean {
  return status !== "canceled" && status !== "incomplete_expired";
}

/** Whether a subscription in that state has to be paid before anything else (P17). */
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

/** The free days that a plan gives a tenant: none to one that ever had some, `null` then. */
export function trialDaysFor(
  plan: { readonly trialDays?: number | undefined },
  subscriptions: readonly Subscription[],
  tenantId: string,
): number | null {
  const had = subscriptions.some((one) => one.tenantId === tenantId && one.trialEnd !== null);
  return had ? null : (plan.trialDays ?? null);
}

/**
 * The subscription that counts for a tenant (P14): of those that carry the tenant's id the
 * oldest live one, or, when none lives, the one that ended last. Others are not ours.
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
 * When a subscription will end by a cancellation that is already scheduled, or `null` (P13).
 * The two ways in which Stripe represents it mean the same.
 */
export function scheduledEnd(
  subscription: Pick<Subscription, "cancelAt" | "cancelAtPeriodEnd">,
  period: Period,
): Date | null {
  return subscription.cancelAt ?? (subscription.cancelAtPeriodEnd ? period.end : null);
}
