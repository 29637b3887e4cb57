import { priceIn } from "../engine/catalog/price_in.ts";
import { periodLines } from "../engine/invoice_lines.ts";
import { draftInvoice } from "../engine/invoices.ts";
import { invalidRequest } from "../engine/request_error.ts";
import { hasFuturePhase, scheduleOf } from "../engine/schedules.ts";
import { isLive } from "../engine/subscriptions.ts";
import { emitChange, type Transaction } from "../engine/transaction.ts";
import type {
  WireInvoice,
  WireInvoiceLine,
  WirePrice,
  WireSubscription,
  WireSubscriptionItem,
} from "../state/wire.ts";
import { applyItems } from "./apply_items.ts";
import { type Extra, extraLine } from "./extras.ts";
import type { ItemChange, ProrationBehavior } from "./item_change.ts";
import { addPending } from "./pending_lines.ts";
import { creditLine, debitLine } from "./prorations.ts";
import { restartPeriods } from "./restart_periods.ts";
import { amountOf, sameRecurrence } from "./subscription_item.ts";
import { lastUsageLines, usageLines } from "./usage/usage.ts";

/** A change of what a subscription bills, from now on. Times are Unix seconds. */
export interface SubscriptionChange {
  items: ItemChange[];
  prorationBehavior: ProrationBehavior;
  /** From when on to prorate. */
  prorationDate: number;
  /** Begin a new period of every item now. */
  resetAnchor: boolean;
  /** When a trial ends: now, or later, which begins one where there is none; null to leave it. */
  trialEnd: "now" | number | null;
  /** One-time charges for the next invoice. */
  extras?: Extra[];
  /** What else is settled, where no new period begins. */
  lines?: WireInvoiceLine[];
  /** What else changes, told by the same event. */
  fields?: (subscription: WireSubscription, tx: Transaction) => void;
  /** Whether it is a schedule's own doing. */
  bySchedule?: boolean;
}

/**
 * Does a change up to its draft invoice, which is the answer; undefined where nothing is invoiced
 * now. Emits `customer.subscription.updated` only.
 * @throws {RequestError} where the subscription cannot be changed so
 */
export function applyChange(
  tx: Transaction,
  subscription: WireSubscription,
  change: SubscriptionChange,
): WireInvoice | undefined {
  checkChange(tx, subscription, change);
  const fresh = beginsPeriod(tx, subscription, change);
  const lines = [
    ...creditsOf(tx, subscription, change, fresh),
    ...usageBefore(tx, subscription, change, fresh),
  ];
  const periodStart = Math.min(...subscription.items.data.map((i) => i.current_period_start));
  let invoice: WireInvoice | undefined;
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    change.fields?.(changed, tx);
    const touched = applyItems(tx, changed, change.items);
    if (fresh) {
      restart(tx, changed, change);
      lines.push(...periodLines(tx.state, changed));
    } else {
      moveTrial(changed, change);
      lines.push(...debitsOf(tx, changed, change, touched), ...(change.lines ?? []));
    }
    const extras = (change.extras ?? []).map((extra) => extraLine(tx, changed, extra));
    const classic = changed.billing_mode.type === "classic";
    const always = change.prorationBehavior === "always_invoice";
    const now = fresh || (always && (lines.length > 0 || (classic && extras.length > 0)));
    if (now) {
      const occasion = { billingReason: "subscription_update", finalizesAt: null } as const;
      const window = { periodStart, periodEnd: tx.now };
      invoice = draftInvoice(tx, changed, { ...occasion, ...window }, [...lines, ...extras]);
      changed.latest_invoice = invoice.id;
    } else if (lines.length + extras.length > 0) {
      addPending(tx, changed, [...lines, ...extras]);
    }
  });
  return invoice;
}

function checkChange(
  tx: Transaction,
  subscription: WireSubscription,
  change: SubscriptionChange,
): void {
  if (!isLive(subscription)) {
    throw invalidRequest("A canceled subscription can only update its metadata.");
  }
  if (!change.bySchedule && hasFuturePhase(scheduleOf(tx.state, subscription))) {
    throw invalidRequest(
      "The subscription is managed by the subscription schedule " +
        `\`${subscription.schedule}\`, and updating any billing fields directly is not allowed. ` +
        "Please update the schedule instead.",
    );
  }
  const periods = subscription.items.data;
  const from = Math.min(...periods.map((item) => item.current_period_start));
  const to = Math.max(...periods.map((item) => item.current_period_end));
  if (change.prorationDate < from || change.prorationDate > to) {
    throw invalidRequest(
      "`proration_date` must lie in the current period of the subscription.",
      "proration_date",
    );
  }
}

/** Whether every item begins a new period now, which is invoiced at once. */
function beginsPeriod(
  { state }: Pick<Transaction, "state">,
  subscription: WireSubscription,
  { items, resetAnchor, trialEnd }: SubscriptionChange,
): boolean {
  if (subscription.status === "trialing") {
    return resetAnchor || trialEnd === "now";
  }
  if (resetAnchor || typeof trialEnd === "number") {
    return true;
  }
  const classic = subscription.billing_mode.type === "classic";
  const itemOf = (id: string) => subscription.items.data.find((item) => item.id === id);
  return items.some((one) => {
    const present = one.kind === "change" ? itemOf(one.id) : undefined;
    if (one.kind !== "change" || present === undefined) {
      return false;
    }
    const another = !sameRecurrence(present.price, one.price);
    const cost = (price: WirePrice) => amountOf(priceIn(state, price, subscription.currency), 1);
    const paid = cost(present.price) === 0 && cost(one.price) > 0;
    const restarts = classic || state.assumptions.intervalChange === "restarts_period";
    return (another && restarts) || (paid && classic);
  });
}

/** What is given back: a trial has cost nothing, so there is nothing. */
function creditsOf(
  tx: Transaction,
  subscription: WireSubscription,
  { items, prorationBehavior, prorationDate }: SubscriptionChange,
  fresh: boolean,
): WireInvoiceLine[] {
  if (subscription.status === "trialing" || prorationBehavior === "none") {
    return [];
  }
  return subscription.items.data.flatMap((item) => {
    const wanted = items.find((one) => one.kind !== "add" && one.id === item.id);
    const same =
      wanted === undefined ||
      (wanted.kind === "change" &&
        wanted.price.id === item.price.id &&
        wanted.quantity === (item.quantity ?? 1));
    return same && !fresh ? [] : (creditLine(tx.state, subscription, item, prorationDate) ?? []);
  });
}

/** What was used until now of metered items that go, or that begin a new period. */
function usageBefore(
  tx: Transaction,
  subscription: WireSubscription,
  { items, prorationBehavior }: SubscriptionChange,
  fresh: boolean,
): WireInvoiceLine[] {
  const goes = ({ id, price }: WireSubscriptionItem) =>
    items.some(
      (one) =>
        one.kind !== "add" && one.id === id && (one.kind === "delete" || one.price.id !== price.id),
    );
  const stays = (item: WireSubscriptionItem) => !goes(item);
  const trial = subscription.status === "trialing";
  return [
    ...(prorationBehavior === "none" ? [] : lastUsageLines(tx, subscription, goes)),
    ...(fresh && !trial ? usageLines(tx, subscription, { concerns: stays }) : []),
  ];
}

function debitsOf(
  tx: Transaction,
  subscription: WireSubscription,
  { prorationBehavior, prorationDate }: SubscriptionChange,
  touched: readonly string[],
): WireInvoiceLine[] {
  if (subscription.status === "trialing" || prorationBehavior === "none") {
    return [];
  }
  return subscription.items.data
    .filter(({ id }) => touched.includes(id))
    .flatMap((item) => debitLine(tx.state, subscription, item, prorationDate) ?? []);
}

/** Begins a new period of every item, on trial where the change says so. */
function restart(
  tx: Transaction,
  subscription: WireSubscription,
  { trialEnd }: SubscriptionChange,
): void {
  const trial = typeof trialEnd === "number" ? trialEnd : null;
  restartPeriods(subscription, tx.now, trial);
  if (trial !== null) {
    Object.assign(subscription, { status: "trialing", trial_start: tx.now, trial_end: trial });
  } else if (subscription.status === "trialing") {
    Object.assign(subscription, { status: "active", trial_end: tx.now });
  }
}

/** Lets a running trial end at another time. */
function moveTrial(subscription: WireSubscription, { trialEnd }: SubscriptionChange): void {
  if (subscription.status === "trialing" && typeof trialEnd === "number") {
    subscription.trial_end = trialEnd;
    subscription.billing_cycle_anchor = trialEnd;
    for (const item of subscription.items.data) {
      item.current_period_end = trialEnd;
    }
  }
}
