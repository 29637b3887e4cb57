import { type CancellationRemarks, cancelNow } from "../engine/cancellation.ts";
import { finalizeAndCharge } from "../engine/collection.ts";
import { draftInvoice } from "../engine/invoices.ts";
import { emit, type Transaction } from "../engine/transaction.ts";
import type { WireInvoiceLine, WireSubscription } from "../state/wire.ts";
import { addPending, dropPending, pendingOf } from "./pending_lines.ts";
import { creditLine } from "./prorations.ts";
import { usageLines } from "./usage/usage.ts";

/** What becomes of money when a subscription is canceled at once. */
export interface CancelOptions {
  /** Give the unused time back. */
  prorate: boolean;
  /** Write a last invoice for usage and all that is pending. */
  invoiceNow: boolean;
  remarks?: CancellationRemarks;
}

/** Stripe leaves the last invoice of a subscription a draft for this long. */
const DRAFT_SECONDS = 3600;

/**
 * Ends a subscription because somebody asks for it; emits the burst of its last invoice, if there
 * is one, and `customer.subscription.deleted`. What is pending is forgotten unless it is asked for
 * one way or the other.
 */
export function cancelSubscription(
  tx: Transaction,
  subscription: WireSubscription,
  { prorate, invoiceNow, remarks = {} }: CancelOptions,
): void {
  const credits = prorate ? unusedTime(tx, subscription) : [];
  if (invoiceNow) {
    invoiceLast(tx, subscription, [...credits, ...usageLines(tx, subscription)]);
  } else if (prorate) {
    addPending(tx, subscription, credits);
  } else {
    dropPending(tx, subscription);
  }
  cancelNow(tx, subscription, "cancellation_requested", remarks);
}

/**
 * Ends a subscription whose scheduled end has come; emits `customer.subscription.deleted`, and
 * `invoice.created` where prorations or usage are still to be billed.
 */
export function endSubscription(tx: Transaction, subscription: WireSubscription): void {
  const lines = usageLines(tx, subscription);
  const [item] = subscription.items.data;
  cancelNow(tx, subscription, "cancellation_requested");
  if (lines.length + pendingOf(tx.state, subscription.id).length === 0) {
    return;
  }
  const invoice = draftInvoice(
    tx,
    subscription,
    {
      billingReason: "subscription_cycle",
      periodStart: item?.current_period_start ?? tx.now,
      periodEnd: tx.now,
      finalizesAt: tx.now + DRAFT_SECONDS,
    },
    lines,
  );
  subscription.latest_invoice = invoice.id;
  emit(tx, "invoice.created", invoice);
}

/** The credits for what is left of the running periods; a trial has cost nothing. */
function unusedTime(
  tx: Transaction,
  subscription: WireSubscription,
  from: number = tx.now,
): WireInvoiceLine[] {
  return subscription.status === "trialing"
    ? []
    : subscription.items.data.flatMap(
        (item) => creditLine(tx.state, subscription, item, from) ?? [],
      );
}

/** Writes and collects an invoice over these lines and all that is pending, if there is anything. */
export function invoiceLast(
  tx: Transaction,
  subscription: WireSubscription,
  lines: WireInvoiceLine[],
): void {
  if (lines.length + pendingOf(tx.state, subscription.id).length === 0) {
    return;
  }
  const [item] = subscription.items.data;
  const invoice = draftInvoice(
    tx,
    subscription,
    {
      billingReason: "subscription_update",
      periodStart: item?.current_period_start ?? tx.now,
      periodEnd: tx.now,
      finalizesAt: null,
    },
    lines,
  );
  subscription.latest_invoice = invoice.id;
  emit(tx, "invoice.created", invoice);
  finalizeAndCharge(tx, invoice);
}
