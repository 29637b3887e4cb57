import type { Period } from "./billing_period.ts";
import { currentSubscription, type SubscriptionQuestion } from "./current_subscription.ts";
import type { CustomerSnapshot } from "./customer_snapshot.ts";
import { type Debt, debts } from "./debts.ts";
import { planItem } from "./plan_item.ts";
import { type SettledLine, settledLines } from "./settled_line.ts";
import { settlements } from "./settlement.ts";
import type { SubscriptionStatus } from "./subscription.ts";

const KEPT_MS = 400 * 86_400_000;

/** The part of the current subscription that decides what may be used. */
export interface StandingSubscription {
  readonly id: string;
  readonly status: SubscriptionStatus;
  readonly billingCycleAnchor: Date;
  readonly endedAt: Date | null;
  readonly collectionPaused: boolean;
  /** `null` if no item belongs to a plan. */
  readonly item: {
    readonly id: string;
    readonly priceId: string;
    readonly planSlug: string;
    readonly period: Period;
  } | null;
}

/**
 * The outcome of a look at a tenant's billing, independent of any clock and stored with the account
 * until the next look. The same snapshot always gives the same standing.
 */
export interface Standing {
  readonly subscription: StandingSubscription | null;
  /** What is owed, or will be, oldest first. */
  readonly debts: readonly Debt[];
  /** What was settled, oldest first. */
  readonly lines: readonly SettledLine[];
  /** Invoices whose time was credited although nobody paid for it (P41). */
  readonly creditedUnpaid: readonly string[];
}

/** The standing of a tenant that has no subscription. */
export const NO_STANDING: Standing = {
  subscription: null,
  debts: [],
  lines: [],
  creditedUnpaid: [],
};

/** Derives the standing from a snapshot (P09). The order and number of looks do not matter. */
export function standingOf(
  snapshot: CustomerSnapshot,
  question: Omit<SubscriptionQuestion, "settled">,
): Standing {
  const { catalog } = question;
  const settled = settlements(snapshot, catalog);
  const subscription = currentSubscription(snapshot, { ...question, settled });
  if (subscription === undefined) {
    return { ...NO_STANDING, creditedUnpaid: settled.creditedUnpaid };
  }
  const plan = planItem(subscription, catalog);
  return {
    subscription: {
      id: subscription.id,
      status: subscription.status,
      billingCycleAnchor: subscription.billingCycleAnchor,
      endedAt: subscription.endedAt,
      collectionPaused: subscription.pauseCollection !== null,
      item:
        plan === undefined
          ? null
          : {
              id: plan.item.id,
              priceId: plan.item.priceId,
              planSlug: plan.plan.slug,
              period: plan.item.period,
            },
    },
    debts: debts(subscription, snapshot, { catalog, settled, item: plan?.item }),
    lines: recent(settledLines(subscription, snapshot, { catalog, settled, plan })),
    creditedUnpaid: settled.creditedUnpaid,
  };
}

/**
 * Keeps the lines that a month can still follow from: the last paid one, everything after it, and a
 * year before.
 */
function recent(lines: readonly SettledLine[]): SettledLine[] {
  const newest = lines.at(-1)?.period.start ?? new Date(0);
  const lastPaid = lines.findLastIndex(({ basis }) => basis === "paid");
  return lines.filter(
    ({ period }, index) => index >= lastPaid || +newest - KEPT_MS < period.end.getTime(),
  );
}
