import type { AttentionItem } from "../attention/attention_item.ts";
import { type AttentionKind, attentionItem } from "../attention/attention_kinds.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Money } from "../catalog/money.ts";
import type { BillingAccount } from "./billing_account.ts";
import type { Period } from "./billing_period.ts";
import type { DuplicateSubscription } from "./current_subscription.ts";
import {
  type CustomerSnapshot,
  chargedPerUnit,
  oldestFirst,
  paidByBalance,
} from "./customer_snapshot.ts";
import { isCharged } from "./findings/unexplained.ts";
import { extraPlans } from "./plan_item.ts";
import { isLive } from "./subscription.ts";

/** The kinds that every look at a customer checks. */
export const LOOK_KINDS = [
  "duplicate_reported",
  "duplicate_paid_late",
  "refund_refused",
  "unpaid_invoice_credited",
  "settled_period_cut",
  "no_plan_item",
  "extra_plan_charge",
  "tax_turned_off",
  "invoice_not_finalized",
] as const satisfies readonly AttentionKind[];

/** What else is known when a look has ended. */
interface LookedBeside {
  readonly duplicates: readonly DuplicateSubscription[];
  readonly catalog: Catalog;
  readonly now: Date;
}

/** Finds what is wrong with a tenant's billing and needs a person (P41). */
export function lookFindings(
  account: BillingAccount,
  snapshot: CustomerSnapshot,
  { duplicates, catalog, now }: LookedBeside,
): AttentionItem[] {
  const { tenantId } = account;
  return [
    ...duplicates
      .filter(({ action }) => action === "report")
      .map(({ subscriptionId: subject, keptId }) => {
        const since = createdAt(snapshot, subject) ?? now;
        return attentionItem("duplicate_reported", { tenantId, subject, keptId, since });
      }),
    ...creditedUnpaid(account, snapshot),
    ...cutPeriod(account, snapshot, now),
    ...withoutPlan(account, snapshot, now),
    ...chargedBeside(account, snapshot, { catalog, now }),
    ...withoutTax(account, snapshot, now),
    ...notFinalized(account, snapshot),
  ];
}

function notFinalized({ tenantId }: BillingAccount, { invoices }: CustomerSnapshot) {
  return invoices.flatMap((invoice) => {
    const { id: subject, total: amount, currency, createdAt: since, finalizationError } = invoice;
    return invoice.status === "draft" && finalizationError !== null
      ? attentionItem("invoice_not_finalized", {
          tenantId,
          subject,
          money: { amount, currency },
          reason: finalizationError,
          since,
        })
      : [];
  });
}

function creditedUnpaid(
  { tenantId, standing }: BillingAccount,
  { invoices }: CustomerSnapshot,
): AttentionItem[] {
  const ids = new Set(standing?.creditedUnpaid ?? []);
  return invoices
    .filter(({ id }) => ids.has(id))
    .map(({ id: subject, total: amount, currency, createdAt: since }) =>
      attentionItem("unpaid_invoice_credited", {
        tenantId,
        subject,
        money: { amount, currency },
        since,
      }),
    );
}

/** Dunning ended the subscription or made it `unpaid` before its paid time was over. */
function cutPeriod(
  { tenantId, standing }: BillingAccount,
  snapshot: CustomerSnapshot,
  now: Date,
): AttentionItem[] {
  const { subscription, debts = [], lines = [] } = standing ?? {};
  const paid = lines.findLast(({ basis }) => basis === "paid");
  const status = subscription?.status;
  if (
    !subscription ||
    !paid ||
    debts.length === 0 ||
    !(status === "canceled" || status === "unpaid")
  ) {
    return [];
  }
  const { id: subject, endedAt } = subscription;
  const since = endedAt ?? debts[0]?.since ?? now;
  return paid.period.end <= since
    ? []
    : [
        attentionItem("settled_period_cut", {
          tenantId,
          subject,
          status,
          settledUntil: paid.period.end,
          money: unusedMoney(snapshot, { subscriptionId: subject, since }),
          since,
        }),
      ];
}

/**
 * Sums up what was paid for a subscription's time after an instant, after discounts and with taxes.
 * Of an invoice counts at most what it really brought, in money and by balance; rounded down.
 */
function unusedMoney(
  { invoices }: CustomerSnapshot,
  { subscriptionId, since }: { subscriptionId: string; since: Date },
): Money | null {
  const paid = invoices.filter(
    (invoice) => invoice.subscriptionId === subscriptionId && invoice.status === "paid",
  );
  const amount = paid.reduce((sum, invoice) => {
    const unused = invoice.lines
      .filter(({ licensed }) => licensed)
      .reduce((total, line) => total + line.amount * shareAfter(line.period, since), 0);
    const charged = Math.floor(unused * chargedPerUnit(invoice));
    const received = invoice.amountPaid + paidByBalance(invoice);
    return sum + Math.min(Math.max(0, charged), received);
  }, 0);
  const currency = paid[0]?.currency;
  return currency === undefined ? null : { amount, currency };
}

function shareAfter({ start, end }: Period, since: Date): number {
  const left = Math.max(0, +end - Math.max(+start, +since));
  return left === 0 ? 0 : left / (+end - +start);
}

function withoutPlan(
  { tenantId, standing }: BillingAccount,
  snapshot: CustomerSnapshot,
  now: Date,
): AttentionItem[] {
  const subscription = standing?.subscription;
  if (!subscription || subscription.item !== null || !isLive(subscription.status)) {
    return [];
  }
  const { id: subject, status } = subscription;
  const since = createdAt(snapshot, subject) ?? now;
  return [attentionItem("no_plan_item", { tenantId, subject, status, since })];
}

function chargedBeside(
  { tenantId, standing }: BillingAccount,
  { subscriptions }: CustomerSnapshot,
  { catalog, now: since }: Omit<LookedBeside, "duplicates">,
): AttentionItem[] {
  const found = subscriptions.find(({ id }) => id === standing?.subscription?.id);
  const extras = found !== undefined && isCharged(found) ? extraPlans(found, catalog) : [];
  return found === undefined || extras.length === 0
    ? []
    : [attentionItem("extra_plan_charge", { tenantId, subject: found.id, extras, since })];
}

function withoutTax(
  { tenantId, standing }: BillingAccount,
  { subscriptions, invoices }: CustomerSnapshot,
  now: Date,
): AttentionItem[] {
  const found = subscriptions.find(({ id }) => id === standing?.subscription?.id);
  if (!found?.taxTurnedOff || !isLive(found.status)) {
    return [];
  }
  const subject = found.id;
  const newest = oldestFirst(invoices).findLast(({ subscriptionId }) => subscriptionId === subject);
  return [attentionItem("tax_turned_off", { tenantId, subject, since: newest?.createdAt ?? now })];
}

function createdAt({ subscriptions }: CustomerSnapshot, subscriptionId: string): Date | undefined {
  return subscriptions.find(({ id }) => id === subscriptionId)?.createdAt;
}
