import { periodLines } from "../../engine/invoice_lines.ts";
import { draftInvoice } from "../../engine/invoices.ts";
import { asideOf, copySubscription } from "../../engine/preview.ts";
import { announceDraft } from "../../engine/renewal.ts";
import { isLive } from "../../engine/subscriptions.ts";
import { emitChange, type Transaction } from "../../engine/transaction.ts";
import type { WireInvoice, WireInvoiceLine, WireSubscription } from "../../state/wire.ts";
import { restartPeriods } from "../restart_periods.ts";
import { markBilled, usageLines } from "./usage.ts";

/** Thresholds are left alone in the last day of a period, whose invoice comes anyway. */
const QUIET_SECONDS = 86_400;
const DRAFT_SECONDS = 3600;

type Reason = NonNullable<WireInvoice["threshold_reason"]>;

/**
 * Invoices what a customer has used of subscriptions whose threshold that reaches; emits
 * `customer.subscription.updated` and `invoice.created` for each.
 * Source: docs.stripe.com/billing/subscriptions/usage-based/thresholds.
 */
export function invoiceThresholds(tx: Transaction, customer: string): void {
  for (const subscription of tx.state.subscriptions.of(customer)) {
    if (isWatched(tx, subscription)) {
      const lines = usageLines(tx, subscription, { until: tx.now + 1 });
      const reason = reasonOf(tx, subscription, lines);
      if (reason.amount_gte !== null || reason.item_reasons.length > 0) {
        invoiceUsage(tx, subscription, { lines, reason });
      }
    }
  }
}

function isWatched(tx: Transaction, subscription: WireSubscription): boolean {
  const { billing_thresholds: whole, items, status } = subscription;
  const end = Math.min(...items.data.map((item) => item.current_period_end));
  return (
    (whole?.amount_gte != null || items.data.some((item) => item.billing_thresholds !== null)) &&
    isLive(subscription) &&
    !["incomplete", "paused", "trialing"].includes(status) &&
    end - tx.now > QUIET_SECONDS
  );
}

/** Which thresholds are reached. */
function reasonOf(
  tx: Transaction,
  subscription: WireSubscription,
  lines: readonly WireInvoiceLine[],
): Reason {
  const item_reasons = subscription.items.data.flatMap(({ id, billing_thresholds: own }) => {
    const line = lines.find(
      ({ parent }) => parent?.subscription_item_details?.subscription_item === id,
    );
    const reached = own?.usage_gte != null && (line?.quantity ?? 0) >= own.usage_gte;
    return line && reached ? [{ line_item_ids: [line.id], usage_gte: own.usage_gte ?? 0 }] : [];
  });
  const amount = subscription.billing_thresholds?.amount_gte ?? null;
  const reached = amount !== null && totalOf(tx, subscription, lines) >= amount;
  return { amount_gte: reached ? amount : null, item_reasons };
}

/** What an invoice over these lines, and all that waits for one, would come to without taxes. */
function totalOf(
  tx: Transaction,
  subscription: WireSubscription,
  lines: readonly WireInvoiceLine[],
): number {
  const aside = asideOf(tx, subscription.customer);
  const copy = copySubscription(tx, aside, subscription);
  const invoice = draftInvoice(aside, copy, occasionOf(tx, subscription), [...lines]);
  return invoice.total_excluding_tax ?? invoice.total;
}

function occasionOf(tx: Transaction, { items }: WireSubscription) {
  return {
    billingReason: "subscription_threshold",
    periodStart: Math.min(...items.data.map((item) => item.current_period_start)),
    periodEnd: tx.now,
    finalizesAt: tx.now + DRAFT_SECONDS,
  } as const;
}

function invoiceUsage(
  tx: Transaction,
  subscription: WireSubscription,
  { lines, reason }: { lines: readonly WireInvoiceLine[]; reason: Reason },
): void {
  const occasion = occasionOf(tx, subscription);
  let invoice: WireInvoice | undefined;
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    const restarts = changed.billing_thresholds?.reset_billing_cycle_anchor === true;
    if (restarts) {
      restartPeriods(changed, tx.now);
    }
    const plans = restarts ? periodLines(tx.state, changed) : [];
    invoice = draftInvoice(tx, changed, occasion, [...lines, ...plans]);
    invoice.threshold_reason = reason;
    changed.latest_invoice = invoice.id;
  });
  markBilled(tx, subscription);
  if (invoice !== undefined) {
    announceDraft(tx, subscription, invoice);
  }
}
