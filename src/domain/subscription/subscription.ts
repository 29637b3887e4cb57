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
  subscriptions: readonly { readonly tenantId: string | null; readonly trialEnd: Date | null }[],
  tenantId: string,
): number | null {
  const had = subscriptions.some((one) => one.tenantId === tenantId && one.trialEnd !== null);
  return had ? null : (plan.trialDays ?? null);
}

/**
 * Returns when a scheduled cancellation ends the subscription, or `null` (P13). Stripe has two ways
 * to say so; both mean the same.
 */
export function scheduledEnd(
  subscription: { readonly cancelAt: Date | null; readonly cancelAtPeriodEnd: boolean },
  period: Period,
): Date | null {
  return subscription.cancelAt ?? (subscription.cancelAtPeriodEnd ? period.end : null);
}
