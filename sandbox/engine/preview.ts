import { copyOf } from "../state/copy_of.ts";
import { emptyState, type State } from "../state/state.ts";
import type { WireInvoice, WireSubscription } from "../state/wire.ts";
import { copyPending } from "../subscriptions/pending_lines.ts";
import { applyChange, type SubscriptionChange } from "../subscriptions/subscription_change.ts";
import { draftInvoice } from "./invoices.ts";
import { renewSubscription } from "./renewal.ts";
import { invalidRequest } from "./request_error.ts";
import { type NewSubscription, startSubscription } from "./subscriptions.ts";
import type { Transaction } from "./transaction.ts";

/** What else a preview supposes, such as discounts, on the side. */
export type Prepare = (aside: Transaction, subscription: WireSubscription) => void;

/**
 * The invoice that a change of plan would make now, or, where it makes none, the next renewal's
 * after it. Nothing is changed: all of it happens to copies.
 *
 * @param changeOf the change of the copy that it is given; undefined to leave the plan as it is
 * @param prepare what happens to the copy before
 * @throws {RequestError} where the subscription cannot be changed so, or will not renew
 */
export function previewChange(
  tx: Transaction,
  subscription: WireSubscription,
  changeOf: (copy: WireSubscription) => SubscriptionChange | undefined,
  prepare: Prepare = () => undefined,
): WireInvoice {
  const aside = asideOf(tx, subscription.customer);
  const copy = copySubscription(tx, aside, subscription);
  prepare(aside, copy);
  const change = changeOf(copy);
  const invoice = change === undefined ? undefined : applyChange(aside, copy, change);
  if (invoice !== undefined) {
    return asPreview(invoice);
  }
  if (copy.status === "canceled" || copy.cancel_at !== null) {
    throw invalidRequest("No upcoming invoices for customer.", undefined, "invoice_upcoming_none");
  }
  const now = Math.min(...copy.items.data.map((item) => item.current_period_end));
  renewSubscription({ ...aside, now }, copy);
  const renewal = aside.state.invoices.get(copy.latest_invoice ?? "");
  if (renewal === undefined) {
    throw invalidRequest("No upcoming invoices for customer.", undefined, "invoice_upcoming_none");
  }
  return asPreview(renewal);
}

/**
 * The invoice of one whole period after a change, without trial, prorations and what else waits
 * (`preview_mode: "recurring"`). Nothing is changed.
 *
 * @throws {RequestError} where the subscription cannot be changed so
 */
export function previewRecurring(
  tx: Transaction,
  subscription: WireSubscription,
  changeOf: (copy: WireSubscription) => SubscriptionChange | undefined,
  prepare: Prepare = () => undefined,
): WireInvoice {
  const aside = asideOf(tx, subscription.customer);
  const copy = copySubscription(tx, aside, subscription);
  aside.state.pendingLines.clear();
  aside.state.invoiceItems.clear();
  prepare(aside, copy);
  applyChange(aside, copy, {
    items: [],
    prorationDate: tx.now,
    ...changeOf(copy),
    prorationBehavior: "none",
    resetAnchor: true,
    trialEnd: copy.status === "trialing" ? "now" : null,
  });
  return asPreview(
    draftInvoice(aside, copy, {
      billingReason: "subscription_cycle",
      periodStart: tx.now,
      periodEnd: tx.now,
      finalizesAt: null,
    }),
  );
}

/** The first invoice of a subscription that does not exist yet. */
export function previewStart(
  tx: Transaction,
  request: NewSubscription,
  prepare: Prepare = () => undefined,
): WireInvoice {
  const aside = asideOf(tx, request.customer);
  const subscription = startSubscription(aside, request);
  prepare(aside, subscription);
  const invoice = draftInvoice(aside, subscription, {
    billingReason: "subscription_create",
    periodStart: tx.now,
    periodEnd: tx.now,
    finalizesAt: null,
  });
  return asPreview(invoice);
}

/** A copy of a subscription beside, with all that a change of it needs. */
export function copySubscription(
  tx: Transaction,
  aside: Transaction,
  subscription: WireSubscription,
): WireSubscription {
  const copy = copyOf(subscription);
  aside.state.subscriptions.set(copy.id, copy);
  for (const invoice of tx.state.invoices.of(copy.id)) {
    aside.state.invoices.set(invoice.id, invoice);
  }
  copyTo(aside.state.schedules, tx.state.schedules, subscription.schedule);
  copyPending(tx.state, aside.state, subscription.id);
  const items = subscription.items.data.flatMap(({ discounts }) => discounts);
  for (const { id } of subscription.items.data) {
    copyTo(aside.state.usageMarks, tx.state.usageMarks, id);
  }
  for (const id of [...subscription.discounts, ...items]) {
    copyTo(aside.state.discounts, tx.state.discounts, id);
  }
  return copy;
}

/** A transaction beside the real one. It shares what is only read, and its events are lost. */
export function asideOf(tx: Transaction, customer: string): Transaction {
  const state: State = {
    ...emptyState(),
    products: tx.state.products,
    prices: tx.state.prices,
    priceDetails: tx.state.priceDetails,
    meters: tx.state.meters,
    meterReadings: tx.state.meterReadings,
    assumptions: tx.state.assumptions,
    taxRates: new Map(tx.state.taxRates),
    deletedCoupons: tx.state.deletedCoupons,
  };
  for (const id of tx.state.coupons.keys()) {
    copyTo(state.coupons, tx.state.coupons, id);
  }
  for (const id of tx.state.promotionCodes.keys()) {
    copyTo(state.promotionCodes, tx.state.promotionCodes, id);
  }
  copyTo(state.customers, tx.state.customers, customer);
  copyTo(state.discounts, tx.state.discounts, tx.state.customers.get(customer)?.discount?.id);
  for (const { id } of tx.state.taxIds.of(customer)) {
    copyTo(state.taxIds, tx.state.taxIds, id);
  }
  for (const item of tx.state.invoiceItems.of(customer)) {
    if (item.invoice === null) {
      copyTo(state.invoiceItems, tx.state.invoiceItems, item.id);
    }
    for (const id of item.discounts ?? []) {
      copyTo(state.discounts, tx.state.discounts, id);
    }
  }
  return { ...tx, state, events: [], resends: [] };
}

function copyTo<T>(
  copies: Map<string, T>,
  table: Map<string, T>,
  id: string | null | undefined,
): void {
  const found = table.get(id ?? "");
  if (id && found !== undefined) {
    copies.set(id, copyOf(found));
  }
}

function asPreview(invoice: WireInvoice): WireInvoice {
  return {
    ...invoice,
    id: invoice.id.replace("in_", "upcoming_in_"),
    automatically_finalizes_at: null,
    next_payment_attempt: invoice.next_payment_attempt ?? invoice.created,
  };
}
