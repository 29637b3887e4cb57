import { type Catalog, planOfProduct } from "../catalog/catalog.ts";
import type { AccountSubscription, BillingAccount, Charge, PaidPeriod } from "./billing_account.ts";
import { overlaps } from "./billing_period.ts";
import { type Invoice, type InvoiceLine, periodLines } from "./invoice.ts";
import { type Subscription, type SubscriptionItem, scheduledEnd } from "./subscription.ts";

/** What the payment provider says about a customer at one moment: the only source of state. */
export interface CustomerTruth {
  /** A deleted customer can never be used again. */
  readonly deleted: boolean;
  /** The subscription that counts (P14). */
  readonly subscription: Subscription | undefined;
  /** Its invoices, newest first, back to the last paid one that opened a period or further. */
  readonly invoices: readonly Invoice[];
}

/**
 * The account as the payment provider's truth makes it (P09). A pure function of its arguments:
 * the order, number and content of the events that led here do not matter.
 */
export function synchronizeAccount(
  account: BillingAccount,
  truth: CustomerTruth,
  catalog: Catalog,
): BillingAccount {
  const { subscription, invoices } = truth;
  return {
    ...account,
    customerId: truth.deleted ? null : account.customerId,
    subscription: subscription ? accountSubscription(subscription, invoices, catalog) : null,
    paidPeriod: paidPeriod(invoices, catalog),
    checkout: truth.deleted ? null : account.checkout,
  };
}

/** Whether an invoice shows that a period was paid for; older ones add nothing (P24). */
export function opensPaidPeriod(invoice: Invoice): boolean {
  return invoice.status === "paid" && periodLines(invoice).length > 0;
}

function accountSubscription(
  subscription: Subscription,
  invoices: readonly Invoice[],
  catalog: Catalog,
): AccountSubscription {
  const item = planItem(subscription, catalog);
  return {
    id: subscription.id,
    status: subscription.status,
    planSlug: planOfProduct(catalog, item.productId)?.slug ?? null,
    interval: item.interval,
    period: item.period,
    billingCycleAnchor: subscription.billingCycleAnchor,
    cancelAt: scheduledEnd(subscription, item.period),
    trialEnd: subscription.trialEnd,
    endedAt: subscription.endedAt,
    unpaidSince: unpaidSince(invoices, (invoice) => periodLines(invoice).length > 0),
    unpaidChangeSince: unpaidSince(invoices, (invoice) => periodLines(invoice).length === 0),
  };
}

/** The item that is a plan of ours; other items (extras) do not decide plan or period. */
export function planItem(subscription: Subscription, catalog: Catalog): SubscriptionItem {
  const { items } = subscription;
  const item =
    items.find(({ productId }) => planOfProduct(catalog, productId) !== undefined) ?? items[0];
  if (item === undefined) {
    throw new TypeError(`Cannot read subscription "${subscription.id}": it has no items`);
  }
  return item;
}

/** When the oldest unpaid invoice since the last paid period was finalised, of those that count. */
function unpaidSince(
  invoices: readonly Invoice[],
  counts: (invoice: Invoice) => boolean,
): Date | null {
  const unpaid = invoices
    .slice(0, invoices.findIndex(opensPaidPeriod) + 1 || invoices.length)
    .filter(({ status }) => status === "open" || status === "uncollectible")
    .filter(isOfSubscription)
    .filter(counts)
    .flatMap(({ finalizedAt }) => finalizedAt ?? []);
  return unpaid.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
}

/** Manual invoices and the like can be owed for anything; they never cost access. */
function isOfSubscription({ billingReason }: Invoice): boolean {
  return ["subscription_create", "subscription_cycle", "subscription_update"].includes(
    billingReason,
  );
}

function paidPeriod(invoices: readonly Invoice[], catalog: Catalog): PaidPeriod | null {
  const opening = invoices.find(opensPaidPeriod);
  if (opening === undefined) {
    return null;
  }
  const lines = periodLines(opening);
  const line = lines.find((candidate) => planSlug(candidate, catalog) !== null) ?? lines[0];
  if (line === undefined) {
    return null;
  }
  const { period } = line;
  const paid = invoices.filter(({ status }) => status === "paid");
  const credits = paid.flatMap(({ lines: all }) => all.filter(({ amount }) => amount < 0));
  const charges = paid
    .flatMap((invoice) => chargesOf(invoice, catalog))
    .map((charge) => uncredited(charge, credits, catalog))
    .filter((charge) => overlaps(charge.period, period));
  return { start: period.start, end: period.end, invoiceId: opening.id, charges };
}

/**
 * The plans that an invoice charged for. An invoice over nothing grants nothing, except the first
 * one of a free trial, which opens the trial; one over less than nothing was paid by its credits,
 * and so was one whose lines cancel each other out (P24).
 */
function chargesOf(invoice: Invoice, catalog: Catalog): Charge[] {
  const freeTrial =
    invoice.billingReason === "subscription_create" &&
    invoice.lines.every((line) => line.amount === 0);
  const sum = invoice.lines.reduce((total, { amount }) => total + amount, 0);
  const forNothing = invoice.total === 0 && sum !== 0;
  return invoice.lines
    .filter((line) => freeTrial || (!forNothing && line.amount > 0))
    .flatMap((line) => {
      const slug = planSlug(line, catalog);
      return slug === null ? [] : [{ planSlug: slug, period: line.period }];
    });
}

/** A charge without the rest of its period that a later credit for the same plan gave back. */
function uncredited(charge: Charge, credits: readonly InvoiceLine[], catalog: Catalog): Charge {
  const { start, end } = charge.period;
  const creditedFrom = credits
    .filter((credit) => planSlug(credit, catalog) === charge.planSlug)
    .map((credit) => credit.period.start)
    .filter((from) => start < from && from < end)
    .toSorted((a, b) => a.getTime() - b.getTime())[0];
  return { ...charge, period: { start, end: creditedFrom ?? end } };
}

function planSlug(line: InvoiceLine, catalog: Catalog): string | null {
  return line.productId === null ? null : (planOfProduct(catalog, line.productId)?.slug ?? null);
}
