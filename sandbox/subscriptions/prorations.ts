import { periodAt } from "../engine/billing_period.ts";
import { priceIn } from "../engine/catalog/price_in.ts";
import { billedUntil, invoiceLine, productName } from "../engine/invoice_lines.ts";
import { formatDay } from "../engine/money.ts";
import { copyOf } from "../state/copy_of.ts";
import type { State } from "../state/state.ts";
import type { WireInvoiceLine, WireSubscription, WireSubscriptionItem } from "../state/wire.ts";
import { pendingOf } from "./pending_lines.ts";
import { amountOf, isMetered, recurrenceOf } from "./subscription_item.ts";

/** A line that billed an item, and the invoice on which it stands; null while it waits for one. */
interface Debit {
  line: WireInvoiceLine;
  invoice: string | null;
  /** Until when it bills in Unix seconds: what lies behind was given back. */
  until: number;
}

/**
 * The credit for the rest of an item's period, from `at` in Unix seconds on. In flexible billing
 * mode it gives back the share of what was really billed, and nothing where nothing was; in classic
 * mode a share of the present price. It names the lines that it gives back.
 */
export function creditLine(
  state: State,
  subscription: WireSubscription,
  item: WireSubscriptionItem,
  at: number,
): WireInvoiceLine | undefined {
  const classic = subscription.billing_mode.type === "classic";
  const debit = lastDebit(state, subscription, item, at);
  if (isMetered(item.price) || (debit === undefined && !classic)) {
    return undefined;
  }
  const quantity = (classic ? undefined : debit?.line.quantity) ?? item.quantity ?? 1;
  const price = state.prices.get(debit?.line.pricing?.price_details?.price ?? "") ?? item.price;
  const charged = priceIn(state, classic ? item.price : price, subscription.currency);
  const own = priceIn(state, item.price, subscription.currency);
  const amount =
    classic || debit === undefined
      ? shareOf(subscription, item, amountOf(own, quantity), at)
      : restOf(debit, at);
  const many = quantity === 1 ? "" : `${quantity} × `;
  return invoiceLine(subscription, {
    item,
    price: charged,
    quantity,
    amount: -amount,
    description: `Unused time on ${many}${productName(state, charged)} after ${formatDay(at)}`,
    period: { start: at, end: debit?.until ?? item.current_period_end },
    proration: true,
    credited:
      debit === undefined
        ? null
        : { invoice: debit.invoice ?? PENDING, invoice_line_items: [debit.line.id] },
  });
}

/** The charge for the rest of an item's period at its present price. */
export function debitLine(
  state: State,
  subscription: WireSubscription,
  item: WireSubscriptionItem,
  at: number,
): WireInvoiceLine | undefined {
  if (isMetered(item.price)) {
    return undefined;
  }
  const price = priceIn(state, item.price, subscription.currency);
  const quantity = item.quantity ?? 1;
  const many = quantity === 1 ? "" : `${quantity} × `;
  const end = billedUntil(subscription, item);
  const cut = { ...item, current_period_end: end };
  return invoiceLine(subscription, {
    item,
    price,
    quantity,
    amount: shareOf(subscription, cut, amountOf(price, quantity), at),
    description: `Remaining time on ${many}${productName(state, price)} after ${formatDay(at)}`,
    period: { start: at, end },
    proration: true,
    credited: null,
  });
}

/** Stands in a credit for the invoice of a debit that has none yet. */
const PENDING = "";

/** The lines as they stand on their invoice, where a debit and its credit may have met. */
export function settleReferences(
  state: State,
  lines: readonly WireInvoiceLine[],
  invoice: string,
): WireInvoiceLine[] {
  const own = state.assumptions.creditedPending === "own_invoice";
  return lines.map((line) => {
    const placed = copyOf({ ...line, invoice });
    const details = placed.parent?.subscription_item_details?.proration_details;
    if (details?.credited_items?.invoice === PENDING) {
      details.credited_items = own ? { ...details.credited_items, invoice } : null;
    }
    return placed;
  });
}

/** The share of an amount for a whole period that falls to its rest, to the second. */
function shareOf(
  subscription: WireSubscription,
  item: WireSubscriptionItem,
  amount: number,
  at: number,
): number {
  const anchor = subscription.billing_cycle_anchor;
  const { start, end } = periodAt(anchor, recurrenceOf(item.price), at);
  return Math.round((amount * (item.current_period_end - at)) / (end - start));
}

/** What is left of a line after its discounts, from `at` on. */
function restOf({ line, until }: Debit, at: number): number {
  const { amount, discount_amounts: discounts, period } = line;
  const net = amount - (discounts ?? []).reduce((sum, one) => sum + one.amount, 0);
  return Math.round((net * (until - at)) / (period.end - period.start));
}

/**
 * The newest line that billed the item for the time at `at`, which was not given back. In classic
 * billing mode one of a void invoice, too, for its price is credited.
 */
function lastDebit(
  state: State,
  subscription: WireSubscription,
  item: WireSubscriptionItem,
  at: number,
): Debit | undefined {
  const classic = subscription.billing_mode.type === "classic";
  const lines: Omit<Debit, "until">[] = state.invoices
    .of(subscription.id)
    .filter(({ status }) => classic || status !== "void")
    .flatMap(({ id, lines: { data } }) => data.map((line) => ({ line, invoice: id })));
  for (const line of pendingOf(state, subscription.id)) {
    lines.push({ line, invoice: null });
  }
  const creditedFrom = new Map<string, number>();
  for (const { line } of lines) {
    for (const id of creditedBy(line)) {
      creditedFrom.set(id, Math.min(creditedFrom.get(id) ?? line.period.start, line.period.start));
    }
  }
  return lines
    .map((one) => ({ ...one, until: creditedFrom.get(one.line.id) ?? one.line.period.end }))
    .findLast((debit) => billsItem(debit, item, at) && !isCredit(debit.line));
}

function billsItem({ line, until }: Debit, item: WireSubscriptionItem, at: number): boolean {
  const bills = line.parent?.subscription_item_details?.subscription_item === item.id;
  return bills && line.period.start <= at && at < until;
}

function isCredit(line: WireInvoiceLine): boolean {
  return line.amount < 0 || creditedBy(line).length > 0;
}

function creditedBy({ parent }: WireInvoiceLine): string[] {
  const details = parent?.subscription_item_details?.proration_details;
  return details?.credited_items?.invoice_line_items ?? [];
}
