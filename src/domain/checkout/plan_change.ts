import { type Catalog, planOfProduct } from "../catalog/catalog.ts";
import type { PlanChoice } from "../catalog/plan_choice.ts";
import {
  isLive,
  requiresPayment,
  type Subscription,
  type SubscriptionItem,
  type SubscriptionStatus,
  scheduledEnd,
} from "../subscription/subscription.ts";

/** When a change of plan takes effect: once it is confirmed, or at the end of the paid period. */
export interface ChangeTiming {
  readonly effective: "now" | "period_end";
  /** The end of the period for `period_end`, else the moment of asking. */
  readonly at: Date;
}

/** What has to happen for a tenant to get the plan that it wants (P17). */
export type PlanStep =
  /** It has no subscription: it can buy one. */
  | { readonly type: "buy" }
  /** It has this plan already, by the same interval. */
  | { readonly type: "already_on_plan"; readonly planSlug: string }
  /** What it owes comes first, on the page of the oldest invoice that has one. */
  | {
      readonly type: "fix_payment";
      readonly status: SubscriptionStatus;
      readonly invoiceUrl: string | null;
    }
  /** Its subscription is set to end: that has to be taken back first. */
  | { readonly type: "ending"; readonly at: Date }
  /** Another change is scheduled: that has to happen, or be taken back, first. */
  | { readonly type: "change_scheduled"; readonly at: Date }
  | {
      readonly type: "change";
      readonly subscription: Subscription;
      readonly item: SubscriptionItem;
      readonly timing: ChangeTiming;
    };

/**
 * The next step to a plan, by the subscription that counts (P14). Changes nothing. An invoice that
 * waits for its payment stands before every change, also one that is a draft, in processing or not
 * due yet: a change would credit time that nobody has paid for.
 */
export function nextPlanStep(
  subscription: Subscription | undefined,
  { plan, price }: Pick<PlanChoice, "plan" | "price">,
  {
    catalog,
    now,
    payments,
  }: {
    catalog: Catalog;
    now: Date;
    payments: readonly { readonly invoiceUrl: string | null }[];
  },
): PlanStep {
  if (subscription === undefined || !isLive(subscription.status)) {
    return { type: "buy" };
  }
  const { status } = subscription;
  if (requiresPayment(status) || payments.length > 0) {
    const pages = payments.flatMap(({ invoiceUrl }) => invoiceUrl ?? []);
    return { type: "fix_payment", status, invoiceUrl: pages[0] ?? null };
  }
  const item = planItem(subscription, catalog);
  const present = planOfProduct(catalog, item.productId)?.slug;
  if (present === plan.slug && item.interval === price.interval) {
    return { type: "already_on_plan", planSlug: plan.slug };
  }
  const end = scheduledEnd(subscription, item.period);
  if (end !== null) {
    return { type: "ending", at: end };
  }
  if (subscription.scheduledChangeAt !== null) {
    return { type: "change_scheduled", at: subscription.scheduledChangeAt };
  }
  return { type: "change", subscription, item, timing: changeTiming(item, price, now) };
}

/**
 * When a change takes effect: one that costs less, or is paid more often, at the period's end, so
 * that nothing is lost that is paid for (P19); every other one at once. The Portal's configuration
 * has the same two conditions.
 */
function changeTiming(
  item: SubscriptionItem,
  price: Pick<PlanChoice["price"], "amount" | "interval">,
  now: Date,
): ChangeTiming {
  const cheaper = item.amount !== null && price.amount < item.amount;
  const shorter = item.interval === "year" && price.interval === "month";
  return cheaper || shorter
    ? { effective: "period_end", at: item.period.end }
    : { effective: "now", at: now };
}

/** The item that is a plan of ours; other items (extras) do not decide plan or period. */
function planItem(subscription: Subscription, catalog: Catalog): SubscriptionItem {
  const { items } = subscription;
  const item =
    items.find(({ productId }) => planOfProduct(catalog, productId) !== undefined) ?? items[0];
  if (item === undefined) {
    throw new TypeError(`Cannot read subscription "${subscription.id}": it has no items`);
  }
  return item;
}
