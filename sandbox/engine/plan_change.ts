import type {
  WireInvoice,
  WireInvoiceLine,
  WirePrice,
  WireSubscription,
  WireSubscriptionItem,
} from "../state/wire.ts";
import { periodEnd } from "./billing_period.ts";
import { chargeInvoice } from "./collection.ts";
import { creditLine, debitLine, periodLine } from "./invoice_lines.ts";
import { draftInvoice, finalizeInvoice } from "./invoices.ts";
import { invalidRequest } from "./request_error.ts";
import { hasFuturePhase, scheduleOf } from "./schedules.ts";
import { isLive, recurrenceOf, setPrice } from "./subscriptions.ts";
import { emit, emitChange, type Transaction } from "./transaction.ts";

/** What becomes of the difference in price. */
export type ProrationBehavior = "always_invoice" | "create_prorations" | "none";

/** Another price or quantity for an item of a subscription, from now on. */
export interface PlanChange {
  item: WireSubscriptionItem;
  price: WirePrice;
  quantity: number;
  prorationBehavior: ProrationBehavior;
  /** From when on to prorate, in Unix seconds. */
  prorationDate: number;
  /** Begin a new period now, even where the interval stays. */
  resetAnchor: boolean;
  /** Charge a subscription on trial now instead of going on with the trial. */
  endTrial: boolean;
}

/**
 * Gives an item another price at once. Where the interval stays, so does the period: the difference
 * is prorated. Another interval, or the end of a trial, begins a new period that is invoiced now.
 * Emits `customer.subscription.updated` and the burst of the invoice, paid or not: a change stays
 * when its payment fails, and the subscription is past due then.
 */
export function changePlan(
  tx: Transaction,
  subscription: WireSubscription,
  change: PlanChange,
): void {
  const invoice = applyPlanChange(tx, subscription, change);
  if (invoice !== undefined) {
    emit(tx, "invoice.created", invoice);
    finalizeInvoice(tx, invoice);
    chargeInvoice(tx, invoice);
  }
}

/**
 * Does a change up to its draft invoice, which is the answer; undefined where nothing is invoiced
 * now. Emits `customer.subscription.updated` only.
 * @throws {RequestError} where the subscription cannot be changed, or not to this price
 */
export function applyPlanChange(
  tx: Transaction,
  subscription: WireSubscription,
  change: PlanChange,
): WireInvoice | undefined {
  checkChange(tx, subscription, change);
  const lines = linesOf(tx, subscription, change);
  const fresh = startsPeriod(subscription, change);
  const windowStart = change.item.current_period_start;
  let invoice: WireInvoice | undefined;
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    setPrice(changed, change.item, change);
    if (fresh) {
      restart(tx, changed, change.item);
      lines.push(periodLine(tx.state, changed, change.item));
    }
    const now = fresh || change.prorationBehavior === "always_invoice";
    if (now && lines.length > 0) {
      invoice = draftInvoice(
        tx,
        changed,
        {
          billingReason: "subscription_update",
          periodStart: windowStart,
          periodEnd: tx.now,
          finalizesAt: null,
        },
        lines,
      );
      changed.latest_invoice = invoice.id;
    } else if (lines.length > 0) {
      const pending = tx.state.pendingLines.get(changed.id) ?? [];
      tx.state.pendingLines.set(changed.id, [...pending, ...lines]);
    }
  });
  return invoice;
}

function checkChange(tx: Transaction, subscription: WireSubscription, change: PlanChange): void {
  const { price, item, prorationDate } = change;
  if (!isLive(subscription)) {
    throw invalidRequest("A canceled subscription can only update its metadata.");
  }
  if (hasFuturePhase(scheduleOf(tx.state, subscription))) {
    throw invalidRequest(
      "The subscription is managed by a subscription schedule with future phases: update or " +
        "release the schedule.",
    );
  }
  if (price.currency !== subscription.currency || price.recurring === null) {
    throw invalidRequest(
      `The price must be recurring and in the subscription's currency, ${subscription.currency}.`,
      "items[0][price]",
    );
  }
  if (prorationDate < item.current_period_start || prorationDate > item.current_period_end) {
    throw invalidRequest(
      "`proration_date` must lie in the current period of the subscription.",
      "proration_date",
    );
  }
}

/** The prorations of a change; a trial has cost nothing, so there is nothing to give back. */
function linesOf(
  tx: Transaction,
  subscription: WireSubscription,
  change: PlanChange,
): WireInvoiceLine[] {
  const { item, price, quantity, prorationBehavior, prorationDate: at } = change;
  const same = item.price.id === price.id && (item.quantity ?? 1) === quantity;
  const fresh = startsPeriod(subscription, change);
  if (subscription.status === "trialing" || prorationBehavior === "none" || (same && !fresh)) {
    return [];
  }
  const credit = creditLine(tx.state, subscription, item, at);
  return fresh
    ? [credit]
    : [credit, debitLine(tx.state, subscription, item, { price, quantity, at })];
}

function startsPeriod(subscription: WireSubscription, change: PlanChange): boolean {
  if (subscription.status === "trialing") {
    return change.endTrial;
  }
  const [was, is] = [recurrenceOf(change.item.price), recurrenceOf(change.price)];
  const rhythm = was.interval !== is.interval || was.interval_count !== is.interval_count;
  return rhythm || change.resetAnchor;
}

function restart(
  tx: Transaction,
  subscription: WireSubscription,
  item: WireSubscriptionItem,
): void {
  subscription.billing_cycle_anchor = tx.now;
  item.current_period_start = tx.now;
  item.current_period_end = periodEnd(tx.now, recurrenceOf(item.price), tx.now);
  if (subscription.status === "trialing") {
    subscription.status = "active";
    subscription.trial_end = tx.now;
  }
}
