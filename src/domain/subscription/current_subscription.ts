import { type Catalog, planOfProduct } from "../catalog/catalog.ts";
import {
  type CustomerSnapshot,
  oldestFirst,
  paidByBalance,
  type SnapshotInvoice,
  type SnapshotSubscription,
} from "./customer_snapshot.ts";
import { billingCause, billsPlan, planItem } from "./plan_item.ts";
import { isReallySettled, type Settlements } from "./settlement.ts";
import { isLive } from "./subscription.ts";

/** Whose subscriptions to look at, and what we know beyond the snapshot. */
export interface SubscriptionQuestion {
  readonly tenantId: string;
  readonly catalog: Catalog;
  readonly settled: Settlements;
  /** Subscriptions of which a month was ever in force, and those ended as duplicates. */
  readonly inForce: ReadonlySet<string>;
  readonly endedDuplicates: ReadonlySet<string>;
}

/** What to refund of a double payment. */
export interface DuplicateRefund {
  readonly invoiceId: string;
  /** Minor units paid in money. */
  readonly money: number;
  /** Minor units paid by the customer's balance. */
  readonly balance: number;
}

/** A live subscription besides the current one. */
export interface DuplicateSubscription {
  readonly subscriptionId: string;
  readonly keptId: string;
  /** `end`: a double payment, ended and refunded in full. `report`: only reported (P18). */
  readonly action: "end" | "report";
  /** The payments to refund; empty if it is only reported. */
  readonly refunds: readonly DuplicateRefund[];
}

/** Lower is better. */
type Standing = 0 | 1 | 2;

/**
 * Finds the subscription that counts for a tenant (P14): one of ours and no duplicate; good
 * standing first, then the highest plan, then no scheduled end, then the oldest. If none is live,
 * the one that ended last.
 */
export function currentSubscription(
  snapshot: CustomerSnapshot,
  question: SubscriptionQuestion,
): SnapshotSubscription | undefined {
  const doubles = new Set(doublePayments(snapshot, question).map(({ newer }) => newer.id));
  const candidates = ours(snapshot, question).filter(
    ({ id }) => !doubles.has(id) && !question.endedDuplicates.has(id),
  );
  const live = candidates.filter(({ status }) => isLive(status));
  if (live.length === 0) {
    return candidates.toSorted(
      (a, b) => +(b.endedAt ?? b.createdAt) - +(a.endedAt ?? a.createdAt) || byId(b, a),
    )[0];
  }
  const rank = (one: SnapshotSubscription) => planItem(one, question.catalog)?.plan.rank ?? -1;
  return live.toSorted(
    (a, b) =>
      standing(a, snapshot, question) - standing(b, snapshot, question) ||
      rank(b) - rank(a) ||
      Number(hasScheduledEnd(a)) - Number(hasScheduledEnd(b)) ||
      byAge(a, b, snapshot),
  )[0];
}

/** Finds live subscriptions besides the current one, and decides what to do with each (P18). */
export function duplicateSubscriptions(
  snapshot: CustomerSnapshot,
  question: SubscriptionQuestion,
): DuplicateSubscription[] {
  const current = currentSubscription(snapshot, question);
  if (current === undefined) {
    return [];
  }
  const doubles = doublePayments(snapshot, question);
  return ours(snapshot, question)
    .filter(({ id, status }) => isLive(status) && id !== current.id)
    .map(({ id }) => {
      const double = doubles.find(({ newer }) => newer.id === id);
      return double === undefined
        ? { subscriptionId: id, keptId: current.id, action: "report", refunds: [] }
        : {
            subscriptionId: id,
            keptId: double.older.id,
            action: "end",
            refunds: paymentsFor(id, snapshot),
          };
    });
}

/** Lists all payments for a subscription, in money and by balance. */
export function paymentsFor(
  subscriptionId: string,
  { invoices }: CustomerSnapshot,
): DuplicateRefund[] {
  return oldestFirst(invoices)
    .filter((invoice) => invoice.subscriptionId === subscriptionId && invoice.status === "paid")
    .map((invoice) => ({
      invoiceId: invoice.id,
      money: invoice.amountPaid,
      balance: paidByBalance(invoice),
    }))
    .filter(({ money, balance }) => money > 0 || balance > 0);
}

/** Whether a cancellation is scheduled, in either of Stripe's two ways (P13). */
function hasScheduledEnd({
  cancelAt,
  cancelAtPeriodEnd,
}: Pick<SnapshotSubscription, "cancelAt" | "cancelAtPeriodEnd">): boolean {
  return cancelAt !== null || cancelAtPeriodEnd;
}

/**
 * Selects the tenant's subscriptions: those with an item on a plan's product, and those that carry
 * the tenant's id.
 */
function ours(
  { subscriptions }: CustomerSnapshot,
  { tenantId, catalog }: SubscriptionQuestion,
): SnapshotSubscription[] {
  return subscriptions.filter(
    ({ tenantId: owner, items }) =>
      owner === tenantId ||
      (owner === null &&
        items.some(({ productId }) => planOfProduct(catalog, productId) !== undefined)),
  );
}

/** Finds pairs that are both paid and going on although only one was wanted. */
function doublePayments(
  snapshot: CustomerSnapshot,
  question: SubscriptionQuestion,
): { older: SnapshotSubscription; newer: SnapshotSubscription }[] {
  const [older, ...others] = ours(snapshot, question)
    .filter((one) => standing(one, snapshot, question) === 0 && isLive(one.status))
    .filter((one) => !hasScheduledEnd(one) && one.status !== "trialing")
    .toSorted((a, b) => byAge(a, b, snapshot));
  return older === undefined
    ? []
    : others
        .filter(({ id }) => !question.inForce.has(id) && !hasRenewed(id, snapshot))
        .map((newer) => ({ older, newer }));
}

function hasRenewed(subscriptionId: string, { invoices }: CustomerSnapshot): boolean {
  return invoices.some(
    (invoice) => invoice.subscriptionId === subscriptionId && billingCause(invoice) === "renewal",
  );
}

function standing(
  { id, status }: SnapshotSubscription,
  { invoices }: CustomerSnapshot,
  { catalog, settled }: SubscriptionQuestion,
): Standing {
  const own = oldestFirst(invoices).filter(
    (invoice) => invoice.subscriptionId === id && billsPlan(invoice, catalog),
  );
  const isSettled = ({ id: invoiceId }: SnapshotInvoice) =>
    isReallySettled(settled.of.get(invoiceId));
  const first = own.find((invoice) => billingCause(invoice) === "first");
  const owesFirst =
    first !== undefined &&
    settled.of.get(first.id)?.type === "unsettled" &&
    first.status !== "void" &&
    first.status !== "draft" &&
    !own.some(isSettled);
  if (owesFirst) {
    return 2;
  }
  switch (status) {
    case "active":
    case "trialing":
      return 0;
    case "past_due":
      return 1;
    default:
      return 2;
  }
}

/** Orders the older first; of one second, the one that was billed first. */
function byAge(
  a: SnapshotSubscription,
  b: SnapshotSubscription,
  { invoices }: CustomerSnapshot,
): number {
  const billed = oldestFirst(invoices).map(({ subscriptionId }) => subscriptionId);
  return +a.createdAt - +b.createdAt || billed.indexOf(a.id) - billed.indexOf(b.id) || byId(a, b);
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
