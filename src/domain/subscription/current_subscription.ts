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

/** Whose subscriptions are looked at, and what is known of them beside the snapshot. */
export interface SubscriptionQuestion {
  readonly tenantId: string;
  readonly catalog: Catalog;
  readonly settled: Settlements;
  /** Subscriptions of which a month was ever in force, or that were ended as duplicates. */
  readonly inForce: ReadonlySet<string>;
  readonly endedDuplicates: ReadonlySet<string>;
}

/** What has to be given back of a double payment. */
export interface DuplicateRefund {
  readonly invoiceId: string;
  /** Minor units that were paid in money. */
  readonly money: number;
  /** Minor units that the customer's balance has paid. */
  readonly balance: number;
}

/** A live subscription beside the one that counts. */
export interface DuplicateSubscription {
  readonly subscriptionId: string;
  readonly keptId: string;
  /** `end`: a double payment, to be ended and given back whole; else it is only named (P18). */
  readonly action: "end" | "report";
  /** What was paid for it; empty where it is only named. */
  readonly refunds: readonly DuplicateRefund[];
}

/** Lower is better. */
type Standing = 0 | 1 | 2;

/**
 * The subscription that counts for a tenant (P14): ours, no duplicate, in good standing first, then
 * of the highest plan, then without a scheduled end, then the oldest. When none lives, the one that
 * ended last.
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
      +a.createdAt - +b.createdAt ||
      byId(a, b),
  )[0];
}

/** Live subscriptions beside the one that counts, and what is to be done with them (P18). */
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

/** All that was paid for a subscription, in money and by balance. */
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

/** What belongs to the tenant: it has an item on a plan's product, or it carries the tenant's id. */
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

/** Pairs of which both are paid and go on, although only one was wanted. */
function doublePayments(
  snapshot: CustomerSnapshot,
  question: SubscriptionQuestion,
): { older: SnapshotSubscription; newer: SnapshotSubscription }[] {
  const [older, ...others] = ours(snapshot, question)
    .filter((one) => standing(one, snapshot, question) === 0 && isLive(one.status))
    .filter((one) => !hasScheduledEnd(one) && one.status !== "trialing")
    .toSorted((a, b) => +a.createdAt - +b.createdAt || byId(a, b));
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

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
