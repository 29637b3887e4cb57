import { type Catalog, planOfProduct } from "../catalog/catalog.ts";
import type { PlanChoice } from "../catalog/plan_choice.ts";
import type { BillingAccount } from "../subscription/billing_account.ts";
import type {
  CustomerSnapshot,
  SnapshotItem,
  SnapshotSubscription,
} from "../subscription/customer_snapshot.ts";
import { currentSnapshotSubscription, type LookedAt } from "../subscription/looked_at.ts";
import { planItem } from "../subscription/plan_item.ts";
import type { Standing } from "../subscription/standing.ts";
import {
  isLive,
  requiresPayment,
  type SubscriptionStatus,
  scheduledEnd,
} from "../subscription/subscription.ts";
import { type PortalLimit, portalLimit } from "./portal_limits.ts";

/** How long Stripe leaves a renewal's invoice a draft. Source: Stripe, "Subscription invoices". */
const DRAFT_MS = 3_600_000;
/** When to ask again about what is late. */
const LATE_MS = 900_000;
const DAYS = { day: 1, week: 7, month: 30, year: 365 } as const;

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
  /** It already has this plan with this interval, and keeps it. */
  | { readonly type: "already_on_plan"; readonly planSlug: string }
  /** It must first pay what it owes, on the page of the oldest invoice that has one. */
  | {
      readonly type: "fix_payment";
      readonly status: SubscriptionStatus;
      readonly invoiceUrl: string | null;
    }
  /** Its subscription is paused and must be resumed first. */
  | { readonly type: "paused" }
  | Waiting
  /** Its subscription is set to end; the tenant must undo that first. */
  | { readonly type: "ending"; readonly at: Date }
  /** Another change is scheduled. The tenant must wait for it or undo it first. */
  | { readonly type: "change_scheduled"; readonly at: Date }
  /** The Portal cannot do it; an operator can. */
  | { readonly type: "unchangeable"; readonly limit: PortalLimit }
  | {
      readonly type: "change";
      readonly subscription: SnapshotSubscription;
      readonly item: SnapshotItem;
      readonly timing: ChangeTiming;
    };

/** It must wait for a payment: a change now would credit time that nobody has paid for yet. */
export interface Waiting {
  readonly type: "waiting";
  /** `processing`: a bank debit; `draft`: a renewal that Stripe has not charged yet. */
  readonly for: "processing" | "draft";
  /** When to try again; `null` if nobody can tell. */
  readonly retryAt: Date | null;
}

/**
 * Finds the next step towards a plan for the subscription that counts. Changes nothing. Any unpaid
 * invoice comes before a plan change, even a draft, one in processing or one not due yet: the
 * change would credit time that nobody has paid for.
 */
export function nextPlanStep(
  look: LookedAt,
  { plan, price }: Pick<PlanChoice, "plan" | "price">,
  { catalog, now }: { catalog: Catalog; now: Date },
): PlanStep {
  const { account, snapshot } = look;
  const subscription = currentSnapshotSubscription(look);
  if (snapshot === null || subscription === undefined || !isLive(subscription.status)) {
    return { type: "buy" };
  }
  if (subscription.status === "paused") {
    return { type: "paused" };
  }
  const item = planItem(subscription, catalog)?.item ?? subscription.items[0];
  const unpaid =
    processing(subscription, { standing: account.standing, snapshot }) ??
    paymentStep(subscription, { account, snapshot }) ??
    drafted(account.standing, { subscription, item, now });
  if (unpaid !== undefined) {
    return unpaid;
  }
  const end = item && scheduledEnd(subscription, item.period);
  if (end) {
    return { type: "ending", at: end };
  }
  const present = item && planOfProduct(catalog, item.productId)?.slug;
  if (present === plan.slug && item?.interval === price.interval && item.intervalCount === 1) {
    return { type: "already_on_plan", planSlug: plan.slug };
  }
  const scheduled = account.subscription?.scheduledChange;
  if (scheduled) {
    return { type: "change_scheduled", at: scheduled.effectiveAt };
  }
  const limit = portalLimit(subscription, price, { snapshot, item });
  if (limit !== null || item === undefined) {
    return { type: "unchangeable", limit: limit ?? "no_plan_item" };
  }
  return { type: "change", subscription, item, timing: changeTiming(item, price, now) };
}

/** What can be paid now, on the oldest page that takes it; extras where the status demands it. */
function paymentStep(
  { id, status }: SnapshotSubscription,
  { account, snapshot }: { account: BillingAccount; snapshot: CustomerSnapshot },
): PlanStep | undefined {
  const payments = account.subscription?.payments ?? [];
  const [page] = payments.flatMap(({ invoiceUrl }) => invoiceUrl ?? []);
  if (page !== undefined) {
    return { type: "fix_payment", status, invoiceUrl: page };
  }
  if (!requiresPayment(status)) {
    return undefined;
  }
  const extra = snapshot.invoices.find(
    (invoice) => invoice.subscriptionId === id && invoice.status === "open",
  );
  return { type: "fix_payment", status, invoiceUrl: extra?.hostedUrl ?? null };
}

/** A payment that is on its way, such as a bank debit. */
function processing(
  { id }: SnapshotSubscription,
  { standing, snapshot }: { standing: Standing | null; snapshot: CustomerSnapshot },
): Waiting | undefined {
  const isUnderWay = snapshot.invoices.some(
    ({ subscriptionId, amountProcessing }) => subscriptionId === id && amountProcessing > 0,
  );
  const isLent = lentByDebit(standing);
  return isUnderWay || isLent ? { type: "waiting", for: "processing", retryAt: null } : undefined;
}

/** Whether what counts as settled last does so only until a debit fails. */
function lentByDebit(standing: Standing | null): boolean {
  const lines = standing?.lines ?? [];
  const paid = lines.findLastIndex(({ basis }) => basis === "paid" || basis === "waived");
  return lines
    .slice(paid + 1)
    .some(({ basis, lentUntil }) => basis === "lent" && lentUntil === null);
}

/** A renewal that Stripe has not charged yet, or that is due and not there yet. */
function drafted(
  standing: Standing | null,
  {
    subscription,
    item,
    now,
  }: { subscription: SnapshotSubscription; item: SnapshotItem | undefined; now: Date },
): Waiting | undefined {
  const [draft] = standing?.debts ?? [];
  const isOver = item !== undefined && item.period.end <= now;
  const isEnding = item !== undefined && scheduledEnd(subscription, item.period) !== null;
  const since = draft?.since ?? (isOver && !isEnding ? item.period.end : undefined);
  if (since === undefined) {
    return undefined;
  }
  const usual = new Date(+since + DRAFT_MS);
  const retryAt = now < usual ? usual : new Date(+now + LATE_MS);
  return { type: "waiting", for: "draft", retryAt };
}

/**
 * Decides when a change takes effect. A cheaper plan or a shorter interval waits for the end of the
 * period, so that nothing paid for is lost (P19); everything else is immediate. The Portal's
 * configuration uses the same two conditions. The quantity stays.
 */
function changeTiming(
  { amount, quantity, interval, intervalCount, period }: SnapshotItem,
  price: Pick<PlanChoice["price"], "amount" | "interval">,
  now: Date,
): ChangeTiming {
  const cheaper = amount !== null && price.amount * quantity < amount;
  const shorter = DAYS[price.interval] < DAYS[interval] * intervalCount;
  return cheaper || shorter
    ? { effective: "period_end", at: period.end }
    : { effective: "now", at: now };
}
