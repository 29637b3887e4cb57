import { usageOf } from "../../engine/catalog/meters.ts";
import { usageLine } from "../../engine/invoice_lines.ts";
import type { Transaction } from "../../engine/transaction.ts";
import { newId } from "../../state/ids.ts";
import type { State } from "../../state/state.ts";
import type { WireInvoiceLine, WireSubscription, WireSubscriptionItem } from "../../state/wire.ts";
import { isMetered } from "../subscription_item.ts";

/** Which usage is meant. */
export interface UsageOptions {
  /** The items; by default all metered ones. */
  concerns?: (item: WireSubscriptionItem) => boolean;
  /** Until when it counts, in Unix seconds, of which that second is no part; by default until now. */
  until?: number;
}

/** The lines for what was used of metered items in their running periods and is not billed yet. */
export function usageLines(
  tx: Transaction,
  subscription: WireSubscription,
  { concerns = () => true, until = tx.now }: UsageOptions = {},
): WireInvoiceLine[] {
  return meteredItems(subscription)
    .filter(concerns)
    .map((item) => {
      const { current_period_end: end } = item;
      const { from, billed } = markOf(tx.state, item);
      const total = usedOf(tx.state, subscription, item, { from, until: Math.min(end, until) });
      const period = { start: from, end: Math.min(end, tx.now) };
      return usageLine(tx.state, subscription, item, { total, billed, period });
    });
}

/**
 * What was used of items that a subscription is about to lose, as lines that can wait for its next
 * invoice. In classic mode nothing is billed for them.
 * Source: docs.stripe.com/billing/subscriptions/usage-based/manage-billing-setup.
 */
export function lastUsageLines(
  tx: Transaction,
  subscription: WireSubscription,
  concerns: (item: WireSubscriptionItem) => boolean,
): WireInvoiceLine[] {
  if (subscription.billing_mode.type === "classic" || subscription.status === "trialing") {
    return [];
  }
  return usageLines(tx, subscription, { concerns })
    .filter(({ quantity }) => quantity !== 0)
    .map(waiting);
}

/** Has what is used of an item counted from now on only. */
export function startUsage(tx: Transaction, item: WireSubscriptionItem): void {
  if (isMetered(item.price)) {
    const periodStart = item.current_period_start;
    tx.state.usageMarks.set(item.id, { periodStart, from: tx.now, billed: 0 });
  }
}

/** Notes that all that was used of a subscription's items by now, this second too, is billed. */
export function markBilled(tx: Transaction, subscription: WireSubscription): void {
  for (const item of meteredItems(subscription)) {
    const { from } = markOf(tx.state, item);
    const billed = usedOf(tx.state, subscription, item, { from, until: tx.now + 1 });
    const periodStart = item.current_period_start;
    tx.state.usageMarks.set(item.id, { periodStart, from, billed });
  }
}

function meteredItems(subscription: WireSubscription): WireSubscriptionItem[] {
  return subscription.items.data.filter(({ price }) => isMetered(price));
}

/** From when on an item's usage counts in its running period, and how much of it is billed. */
function markOf({ usageMarks }: State, item: WireSubscriptionItem) {
  const mark = usageMarks.get(item.id);
  return mark?.periodStart === item.current_period_start
    ? mark
    : { from: item.current_period_start, billed: 0 };
}

/** What an item's customer used, as its price's meter was told. */
function usedOf(
  state: State,
  { customer }: WireSubscription,
  { price }: WireSubscriptionItem,
  { from, until }: { from: number; until: number },
): number {
  const meter = state.meters.get(price.recurring?.meter ?? "");
  return meter === undefined ? 0 : usageOf(state, meter, { customer, start: from, end: until });
}

/** A line that has an invoice item of its own. */
function waiting(line: WireInvoiceLine): WireInvoiceLine {
  const details = line.parent?.subscription_item_details;
  if (details) {
    details.invoice_item = newId("ii");
  }
  return line;
}
