import type { AttentionItem } from "../../attention/attention_item.ts";
import { type AttentionKind, attentionItem } from "../../attention/attention_kinds.ts";
import { type Catalog, planOfProduct } from "../../catalog/catalog.ts";
import { type BillingAccount, isEnded } from "../billing_account.ts";
import {
  type CustomerSnapshot,
  isCredit,
  type SnapshotInvoice,
  type SnapshotSubscription,
} from "../customer_snapshot.ts";
import type { InvoiceReversal } from "../payment_reversal.ts";
import { billsPlan, planItem } from "../plan_item.ts";

/** The kinds of what no other kind explains. */
export const UNEXPLAINED_KINDS = [
  "unexplained_subscription",
  "unexplained_payment",
] as const satisfies readonly AttentionKind[];

/** What is known about a tenant when a look has ended. */
export interface UnexplainedQuestion {
  readonly catalog: Catalog;
  /** Live subscriptions beside the one that counts, which other kinds name. */
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

/**
 * Finds the paid invoices for our plans and packs, less those that gave something (P41): those of a
 * subscription that was not over when they were paid, and those of packs, while the tenant had not
 * ended. What was given back by hand or charged back is paid no more.
 */
export function unexplainedPayments(
  account: BillingAccount,
  snapshot: CustomerSnapshot,
  { catalog, now }: UnexplainedQuestion,
): readonly SnapshotInvoice[] {
  const { endedDuplicates } = account;
  return snapshot.invoices.filter((invoice) => {
    const { status, amountPaid, paidAt, subscriptionId } = invoice;
    if (status !== "paid" || amountPaid <= 0 || paidAt === null) {
      return false;
    }
    if (endedDuplicates.some(({ id }) => id === subscriptionId)) {
      return false;
    }
    const isOurs = billsPlan(invoice, catalog) || billsPack(invoice, catalog);
    const givesNothing =
      (isEnded(account, now) && account.ending !== null && paidAt > account.ending.at) ||
      (billsPlan(invoice, catalog) && isOver(subscriptionId, snapshot, paidAt));
    return isOurs && givesNothing;
  });
}

/** The items about payments, less those whose money was given back. */
export function paymentItems(
  { tenantId }: BillingAccount,
  invoices: readonly SnapshotInvoice[],
  reversals: readonly InvoiceReversal[],
): readonly AttentionItem[] {
  return invoices.flatMap(({ id: subject, amountPaid, currency, paidAt, createdAt }) => {
    const back = reversals
      .filter(({ invoiceId, inForce }) => invoiceId === subject && inForce)
      .reduce((sum, { amount }) => sum + amount, 0);
    const money = { amount: amountPaid - back, currency };
    return money.amount <= 0
      ? []
      : attentionItem("unexplained_payment", {
          tenantId,
          subject,
          money,
          since: paidAt ?? createdAt,
        });
  });
}

/** Whether a subscription takes money, now or at its next renewal. */
export function isCharged({ status }: Pick<SnapshotSubscription, "status">): boolean {
  return status === "active" || status === "trialing" || status === "past_due";
}

function billsPack({ lines }: SnapshotInvoice, { packs }: Catalog): boolean {
  return lines.some(
    (line) => !isCredit(line) && packs.some(({ productId }) => productId === line.productId),
  );
}

/** Whether an invoice's subscription had ended when it was paid, or never was there. */
function isOver(
  subscriptionId: string | null,
  { subscriptions }: CustomerSnapshot,
  paidAt: Date,
): boolean {
  const subscription = subscriptions.find(({ id }) => id === subscriptionId);
  const endedAt = subscription?.endedAt ?? null;
  return subscription === undefined || (endedAt !== null && endedAt < paidAt);
}

/** A live subscription at the payment provider, of whomever. */
export interface ForeignSubscription {
  readonly id: string;
  readonly customerId: string;
  readonly status: SnapshotSubscription["status"];
  readonly productIds: readonly string[];
  readonly createdAt: Date;
}

/**
 * The item about a live subscription of a customer that is no tenant's, or a tenant's second one;
 * `null` where it charges for none of our plans.
 */
export function foreignSubscription(
  { id: subject, customerId, status, productIds, createdAt: since }: ForeignSubscription,
  catalog: Catalog,
): AttentionItem | null {
  const isOurs = productIds.some((id) => planOfProduct(catalog, id) !== undefined);
  return isOurs && isCharged({ status })
    ? attentionItem("unexplained_subscription", {
        tenantId: null,
        subject,
        customerId,
        status,
        since,
      })
    : null;
}
