import type { WireSubscription } from "../state/wire.ts";
import { recurrenceOf } from "../subscriptions/subscription_item.ts";
import { periodEnd } from "./billing_period.ts";
import { draftInvoice } from "./invoices.ts";
import { enterNextPhase, leaveSchedule } from "./schedules.ts";
import { emit, emitChange, type Transaction } from "./transaction.ts";

/** Stripe leaves a renewal's invoice a draft for this long. */
const DRAFT_SECONDS = 3600;

/**
 * Rolls every item into its next period, with the price that a schedule has for it, ends a trial,
 * and writes the draft invoice; emits `customer.subscription.updated` and `invoice.created`.
 */
export function renewSubscription(tx: Transaction, subscription: WireSubscription): void {
  const periodStart = Math.min(...subscription.items.data.map((i) => i.current_period_start));
  const occasion = {
    billingReason: "subscription_cycle",
    periodStart,
    periodEnd: tx.now,
    finalizesAt: tx.now + DRAFT_SECONDS,
  } as const;
  leaveSchedule(tx, subscription);
  emitChange(tx, "customer.subscription.updated", subscription, (renewed) => {
    enterNextPhase(tx, renewed);
    if (renewed.status === "trialing") {
      renewed.status = "active";
    }
    for (const item of renewed.items.data) {
      const start = item.current_period_end;
      const recurrence = recurrenceOf(item.price);
      item.current_period_start = start;
      item.current_period_end = periodEnd(renewed.billing_cycle_anchor, recurrence, start);
    }
    renewed.latest_invoice = draftInvoice(tx, renewed, occasion).id;
  });
  const invoice = tx.state.invoices.get(subscription.latest_invoice ?? "");
  if (invoice !== undefined) {
    emit(tx, "invoice.created", invoice);
  }
}
