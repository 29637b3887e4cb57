import type { Catalog, Interval, Plan, PlanPrice } from "../catalog/catalog.ts";
import { chargeable } from "../catalog/currencies.ts";
import type {
  AccountSubscription,
  ExpectedInvoice,
  OwedPayment,
  ProcessingPayment,
  ScheduledChange,
} from "./billing_account.ts";
import {
  type CustomerSnapshot,
  discountsAt,
  oldestFirst,
  type SnapshotInvoice,
  type SnapshotItem,
  type SnapshotSubscription,
} from "./customer_snapshot.ts";
import { planItem } from "./plan_item.ts";
import type { Standing } from "./standing.ts";
import { type SubscriptionStatus, scheduledEnd } from "./subscription.ts";

/** Describes the current subscription for display. */
export function accountSubscription(
  subscription: SnapshotSubscription,
  standing: Standing,
  { snapshot, catalog }: { snapshot: CustomerSnapshot; catalog: Catalog },
): AccountSubscription {
  const plan = planItem(subscription, catalog);
  const item = plan?.item ?? subscription.items[0];
  if (item === undefined) {
    throw new TypeError(`Cannot read subscription "${subscription.id}": it has no items`);
  }
  const cancelAt = scheduledEnd(subscription, item.period);
  const change = scheduledChange(subscription, catalog);
  return {
    id: subscription.id,
    status: subscription.status,
    planSlug: plan?.plan.slug ?? null,
    interval: intervalOf(item),
    period: item.period,
    cancelAt,
    trialEnd: subscription.trialEnd,
    endedAt: subscription.endedAt,
    endReason: subscription.endReason,
    collectionMethod: subscription.collectionMethod,
    scheduledChange: change && changeView(change),
    payments: owedPayments(standing, snapshot),
    processing: processingPayment(subscription, snapshot),
    nextInvoice:
      isCharged(subscription) && cancelAt === null
        ? nextInvoice(subscription, { item, price: change?.price, snapshot })
        : null,
    paymentMethod: subscription.paymentMethod,
  };
}

/** Whether the next period will be charged, as things are; a pause charges nothing. */
function isCharged({ status, pauseCollection }: SnapshotSubscription): boolean {
  return CHARGED.has(status) && pauseCollection === null;
}

const CHARGED: ReadonlySet<SubscriptionStatus> = new Set(["active", "trialing", "past_due"]);

interface Scheduled {
  readonly plan: Plan | undefined;
  readonly price: PlanPrice | undefined;
  readonly at: Date;
}

function scheduledChange(
  { schedule, items }: SnapshotSubscription,
  catalog: Catalog,
): Scheduled | null {
  if (schedule === null || schedule.changeAt === null) {
    return null;
  }
  const { changeAt: at, nextPriceIds } = schedule;
  const isSame = nextPriceIds.every((id) => items.some(({ priceId }) => priceId === id));
  if (isSame && nextPriceIds.length === items.length) {
    return null;
  }
  const [next] = catalog.plans
    .flatMap((plan) => plan.prices.map((price) => ({ plan, price })))
    .filter(({ price }) => nextPriceIds.includes(price.priceId))
    .toSorted((a, b) => b.plan.rank - a.plan.rank);
  return { plan: next?.plan, price: next?.price, at };
}

function changeView({ plan, price, at }: Scheduled): ScheduledChange {
  return { planSlug: plan?.slug ?? null, interval: price?.interval ?? null, effectiveAt: at };
}

function owedPayments({ debts }: Standing, { invoices }: CustomerSnapshot): OwedPayment[] {
  return debts.flatMap(({ invoiceId }) => {
    const invoice = invoices.find(({ id }) => id === invoiceId);
    return invoice === undefined || !isPayable(invoice)
      ? []
      : {
          invoiceId,
          amount: invoice.amountRemaining - invoice.amountProcessing,
          currency: invoice.currency,
          dueAt: invoice.dueAt,
          invoiceUrl: invoice.hostedUrl,
        };
  });
}

/** One that is paid by what nobody has paid, or void, is owed for something that it cannot take. */
function isPayable({ status, amountRemaining, amountProcessing }: SnapshotInvoice): boolean {
  return status !== "void" && amountRemaining > amountProcessing;
}

function processingPayment(
  { id }: SnapshotSubscription,
  { invoices }: CustomerSnapshot,
): ProcessingPayment | null {
  const debited = invoices.filter(
    ({ subscriptionId, amountProcessing }) => subscriptionId === id && amountProcessing > 0,
  );
  const amount = debited.reduce((sum, { amountProcessing }) => sum + amountProcessing, 0);
  return debited[0] === undefined ? null : { amount, currency: debited[0].currency };
}

/**
 * Estimates the next invoice from the plan, discounts, the tax that the newest one added, and the
 * balance; extras are left out.
 */
function nextInvoice(
  subscription: SnapshotSubscription,
  {
    item,
    price,
    snapshot,
  }: { item: SnapshotItem; price: PlanPrice | undefined; snapshot: CustomerSnapshot },
): ExpectedInvoice | null {
  const own = oldestFirst(snapshot.invoices).filter(
    ({ subscriptionId }) => subscriptionId === subscription.id,
  );
  const amount = price?.amount ?? item.amount;
  const currency = price?.currency ?? own.at(-1)?.currency;
  if (amount === null || currency === undefined) {
    return null;
  }
  const discounted = discountsAt(subscription, item.period.end).reduce(
    (rest, { percentOff, amountOff }) =>
      Math.max(0, rest - Math.round((rest * (percentOff ?? 0)) / 100) - (amountOff ?? 0)),
    amount,
  );
  const taxed = discounted + Math.round(discounted * taxRate(own));
  const rest = chargeable(taxed + snapshot.balance, currency);
  return { amount: rest, currency, at: item.period.end };
}

/** The share of tax that the newest invoice over something has added. */
function taxRate(oldestFirst: readonly SnapshotInvoice[]): number {
  const newest = oldestFirst.findLast(({ total, taxAdded }) => total > taxAdded);
  return newest === undefined ? 0 : newest.taxAdded / (newest.total - newest.taxAdded);
}

function intervalOf({ interval, intervalCount }: SnapshotItem): Interval | null {
  const isOurs = (interval === "month" || interval === "year") && intervalCount === 1;
  return isOurs ? interval : null;
}
