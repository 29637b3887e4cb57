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

/** When a plan change takes effect: as soon as it is confirmed, or when the paid period ends. */
export interface ChangeTiming {
  readonly effective: "now" | "period_end";
  /** The end of the period for `period_end`; otherwise now. */
  readonly at: Date;
}

/** What a tenant has to do to get the plan it wants (P17). */
export type PlanStep =
  /** It has no subscription and can buy one. */
  | { readonly type: "buy" }
  /** It already has this plan with this interval. */
  | { readonly type: "already_on_plan"; readonly planSlug: string }
  /** It must first pay what it owes, on the page of the oldest invoice that has one. */
  | {
      readonly type: "fix_payment";
      readonly status: SubscriptionStatus;
      readonly invoiceUrl: string | null;
    }
  /** Its subscription is set to end; the tenant must undo that first. */
  | { readonly type: "ending"; readonly at: Date }
  /** Another change is scheduled. The tenant must wait for it or undo it first. */
  | { readonly type: "change_scheduled"; readonly at: Date }
  | {
      readonly type: "change";
      readonly subscription: Subscription;
      readonly item: SubscriptionItem;
      readonly timing: ChangeTiming;
    };

/**
 * Finds the next step towards a plan for the subscription that counts (P14). Changes nothing. Any
 * unpaid invoice comes before a plan change, even a draft, one in processing or one not due yet:
 * the change would credit time that nobody has paid for.
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
 * Decides when a change takes effect. A cheaper plan or a shorter interval waits for the end of the
 * period, so that nothing paid for is lost (P19); everything else is immediate. The Portal's
 * configuration uses the same two conditions.
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

/**
 * Finds the item that is one of our plans; other items are extras and decide neither plan nor
 * period.
 */
function planItem(subscription: Subscription, catalog: Catalog): SubscriptionItem {
  const { items } = subscription;
  const item =
    items.find(({ productId }) => planOfProduct(catalog, productId) !== undefined) ?? items[0];
  if (item === undefined) {
    throw new TypeError(`Cannot read subscription "${subscription.id}": it has no items`);
  }
  return item;
}
