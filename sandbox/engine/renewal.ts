import type {
  WireInvoice,
  WireInvoiceLine,
  WireSubscription,
  WireSubscriptionItem,
} from "../state/wire.ts";
import { closePausedInvoice } from "../subscriptions/pausing/collection_pause.ts";
import { pendingOf } from "../subscriptions/pending_lines.ts";
import { completeSchedule } from "../subscriptions/schedules/complete_schedule.ts";
import { isMetered, recurrenceOf } from "../subscriptions/subscription_item.ts";
import { endUnpaidTrial, unpaidTrialEnd } from "../subscriptions/unpaid_trial.ts";
import { usageLines } from "../subscriptions/usage/usage.ts";
import { periodEnd } from "./billing_period.ts";
import { periodLine } from "./invoice_lines.ts";
import { draftInvoice, stopCollection } from "./invoices.ts";
import { enterNextPhase, finishedSchedule, releaseSchedule } from "./schedules.ts";
import { emit, emitChange, type Transaction } from "./transaction.ts";

/** Stripe leaves a renewal's invoice a draft for this long. */
const DRAFT_SECONDS = 3600;

/**
 * Rolls the items whose period is over into the next, with the price that a schedule has for them,
 * ends a trial, and writes one draft invoice for them; emits `customer.subscription.updated` and
 * `invoice.created`. A trial that ends without a payment method ends as its settings say.
 */
export function renewSubscription(tx: Transaction, subscription: WireSubscription): void {
  const unpaid = unpaidTrialEnd(tx, subscription);
  if (unpaid !== undefined) {
    endUnpaidTrial(tx, subscription, unpaid);
    return;
  }
  if (endsWithSchedule(tx, subscription)) {
    return;
  }
  const due = subscription.items.data.filter((item) => item.current_period_end <= tx.now);
  const periodStart = Math.min(...due.map((item) => item.current_period_start));
  const occasion = {
    billingReason: "subscription_cycle",
    periodStart,
    periodEnd: tx.now,
    finalizesAt: tx.now + DRAFT_SECONDS,
  } as const;
  let invoice: WireInvoice | undefined;
  emitChange(tx, "customer.subscription.updated", subscription, (renewed) => {
    const trial = renewed.status === "trialing";
    const isOver = (item: WireSubscriptionItem) => item.current_period_end <= tx.now;
    const used = trial ? [] : usageLines(tx, renewed, { concerns: isOver });
    enterNextPhase(tx, renewed);
    renewed.status = trial ? "active" : renewed.status;
    const lines = [...used, ...enterPeriods(tx, renewed)];
    if (lines.length + pendingOf(tx.state, renewed.id).length > 0) {
      invoice = draftInvoice(tx, renewed, occasion, lines);
      renewed.latest_invoice = invoice.id;
    }
  });
  if (invoice !== undefined) {
    announceDraft(tx, subscription, invoice);
  }
}

/** Tells of a draft that time has brought; it waits where nobody is to be charged. */
export function announceDraft(
  tx: Transaction,
  subscription: WireSubscription,
  invoice: WireInvoice,
): void {
  if (subscription.status === "unpaid" || subscription.pause_collection !== null) {
    stopCollection(invoice);
  }
  emit(tx, "invoice.created", invoice);
  if (subscription.status !== "unpaid") {
    closePausedInvoice(tx, subscription, invoice);
  }
}

/** Ends a schedule whose last phase is over; answers whether its subscription ends with it. */
function endsWithSchedule(tx: Transaction, subscription: WireSubscription): boolean {
  const schedule = finishedSchedule(tx, subscription);
  if (schedule?.end_behavior === "cancel") {
    completeSchedule(tx, schedule);
    return true;
  }
  if (schedule !== undefined) {
    releaseSchedule(tx, schedule);
  }
  return false;
}

/** Begins the next period of every item whose own is over; answers what that costs. */
function enterPeriods(tx: Transaction, subscription: WireSubscription): WireInvoiceLine[] {
  const due = subscription.items.data.filter((item) => item.current_period_end <= tx.now);
  return due.flatMap((item) => {
    const start = item.current_period_end;
    item.current_period_start = start;
    item.current_period_end = periodEnd(
      subscription.billing_cycle_anchor,
      recurrenceOf(item.price),
      start,
    );
    return isMetered(item.price) ? [] : [periodLine(tx.state, subscription, item)];
  });
}
