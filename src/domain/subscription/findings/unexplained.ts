import type { AttentionItem } from "../../attention/attention_item.ts";
import { type AttentionKind, attentionItem } from "../../attention/attention_kinds.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import type { Money } from "../../catalog/money.ts";
import { type BillingAccount, isEnded } from "../billing_account.ts";
import {
  type CustomerSnapshot,
  chargedPerUnit,
  type SnapshotInvoice,
  type SnapshotSubscription,
} from "../customer_snapshot.ts";
import { billsPlan, chargedPlan, planItem } from "../plan_item.ts";
import { isPaidTooLate } from "../settlement.ts";

/** The kinds of what no other kind explains, as a look at a customer finds it. */
export const UNEXPLAINED_KINDS = [
  "unexplained_subscription",
  "unexplained_payment",
] as const satisfies readonly AttentionKind[];

/** Kinds about money that does not come back when the customer who paid it is deleted. */
const STAYING_KINDS = new Set<string>([
  "unexplained_payment",
  "refund_refused",
  "refund_failed",
  "duplicate_paid_late",
  "settled_period_cut",
] satisfies readonly AttentionKind[]);

/** How far our clock may be ahead of the one that dates payments. */
const CLOCKS_MS = 60_000;

/** What is known about a tenant when a look has ended. */
export interface UnexplainedQuestion {
  readonly catalog: Catalog;
  /** Live subscriptions beside the one that counts, which items name. */
  readonly named: readonly string[];
  readonly now: Date;
}

/**
 * Finds the live subscriptions of a customer that charge for a plan, less the one that counts and
 * those that are named otherwise (P41): by subtraction, so that a new way to pay for nothing is found,
 * too. For an ended tenant nothing counts.
 */
export function unexplainedSubscriptions(
  account: BillingAccount,
  { subscriptions }: CustomerSnapshot,
  { catalog, named, now }: UnexplainedQuestion,
): readonly AttentionItem[] {
  const { tenantId, standing, endedDuplicates } = account;
  const explained = new Set([
    ...named,
    ...endedDuplicates.map(({ id }) => id),
    ...(isEnded(account, now) ? [] : [standing?.subscription?.id]),
  ]);
  return subscriptions
    .filter((one) => isCharged(one) && planItem(one, catalog) !== undefined)
    .filter(({ id }) => !explained.has(id))
    .map(({ id: subject, customerId, status, createdAt: since }) =>
      attentionItem("unexplained_subscription", { tenantId, subject, customerId, status, since }),
    );
}

/** A paid invoice, and the part of its money that gave nothing, in minor units. */
export interface PaidForNothing {
  readonly invoice: SnapshotInvoice;
  readonly forNothing: number;
}

/**
 * Finds the paid invoices for our plans, less what gave something (P41): that of a subscription that
 * was not over when they were paid and that lives and counts, or of which a month was in force, or
 * which is named itself, while the tenant had not ended. One plan counts, once: what else a live
 * subscription charges for is named itself. Packs are another room's: what is not credited there.
 */
export function unexplainedPayments(
  account: BillingAccount,
  snapshot: CustomerSnapshot,
  { catalog, named, now }: UnexplainedQuestion,
): readonly PaidForNothing[] {
  const { endedDuplicates, standing, inForce, knownSince } = account;
  const givenBack = new Set<string | null>(endedDuplicates.map(({ id }) => id));
  const current = standing?.subscription;
  const counted = new Set([...named, ...inForce, current?.endedAt === null ? current.id : null]);
  return snapshot.invoices.flatMap((invoice) => {
    const { status, amountPaid, paidAt, subscriptionId } = invoice;
    const isPaid = status === "paid" && amountPaid > 0 && billsPlan(invoice, catalog);
    if (!isPaid || paidAt === null || givenBack.has(subscriptionId)) {
      return [];
    }
    // What counted before we knew the tenant is nobody's to say.
    const isKnown = knownSince !== null && +paidAt > +knownSince - CLOCKS_MS;
    const givesNothing =
      (isEnded(account, now) && account.ending !== null && paidAt > account.ending.at) ||
      isOver(invoice, snapshot) ||
      (isKnown && !counted.has(subscriptionId ?? ""));
    const extra = isKnown ? extraOf(invoice, snapshot, catalog) : 0;
    const forNothing = givesNothing ? amountPaid : Math.min(extra, amountPaid);
    return forNothing > 0 ? [{ invoice, forNothing }] : [];
  });
}

/** What an invoice of a subscription that has ended brought for more than one plan, once. */
function extraOf(
  invoice: SnapshotInvoice,
  { subscriptions }: CustomerSnapshot,
  catalog: Catalog,
): number {
  const { subscriptionId } = invoice;
  const ended = subscriptions.find(({ id, endedAt }) => id === subscriptionId && endedAt !== null);
  const plans = invoice.lines.filter(
    (line) => !line.proration && chargedPlan(line, catalog) !== undefined && line.amount > 0,
  );
  const single = plans.map(({ amount, priceId }) => {
    const item = ended?.items.find((one) => one.priceId === priceId);
    return amount / (item?.quantity ?? 1);
  });
  const all = plans.reduce((sum, { amount }) => sum + amount, 0);
  const extra = ended === undefined ? 0 : all - Math.max(0, ...single);
  return Math.floor(extra * chargedPerUnit(invoice));
}

/**
 * The item about an invoice of which something gave nothing; `null` where that was given back.
 *
 * @param customerId who paid it
 */
export function invoiceItem(
  { invoice: { id: subject, amountPaid, paidAt, createdAt }, forNothing }: PaidForNothing,
  { tenantId, customerId, kept }: { tenantId: string; customerId: string; kept: Money },
): AttentionItem | null {
  const amount = kept.amount - (amountPaid - forNothing);
  return amount <= 0
    ? null
    : attentionItem("unexplained_payment", {
        tenantId,
        subject,
        money: { ...kept, amount },
        payer: { customerId, owner: tenantId },
        since: paidAt ?? createdAt,
      });
}

/** Whether a look at a customer could see what an item is about. */
export function seenIn({
  subscriptions,
  invoices,
}: CustomerSnapshot): (item: Pick<AttentionItem, "kind" | "subject">) => boolean {
  const subjects = new Set([...subscriptions, ...invoices].map(({ id }) => id));
  return ({ kind, subject }) => !STAYING_KINDS.has(kind) || subjects.has(subject);
}

/** Whether a subscription takes money, now or at its next renewal. */
export function isCharged({ status }: Pick<SnapshotSubscription, "status">): boolean {
  return status === "active" || status === "trialing" || status === "past_due";
}

/** Whether an invoice's subscription had ended when it was paid, or never was there. */
function isOver(invoice: SnapshotInvoice, { subscriptions }: CustomerSnapshot): boolean {
  const subscription = subscriptions.find(({ id }) => id === invoice.subscriptionId);
  return subscription === undefined || isPaidTooLate(invoice, subscription);
}
