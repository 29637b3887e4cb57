import { newId } from "../state/ids.ts";
import type { State } from "../state/state.ts";
import type {
  WireInvoiceLine,
  WirePrice,
  WireSubscription,
  WireSubscriptionItem,
} from "../state/wire.ts";
import { amountOf, isMetered, recurrenceOf } from "../subscriptions/subscription_item.ts";
import { periodAt } from "./billing_period.ts";
import { priceIn } from "./catalog/price_in.ts";
import { formatInterval, formatUnit } from "./money.ts";

/** What a line charges for. */
export interface Charged {
  item: WireSubscriptionItem;
  price: WirePrice;
  quantity: number;
  amount: number;
  description: string;
  period: { start: number; end: number };
  proration: boolean;
  /** The lines that a credit gives back; null on other lines. */
  credited: { invoice: string; invoice_line_items: string[] } | null;
}

/** The lines for the current periods of all items but metered ones, which are billed afterwards. */
export function periodLines(state: State, subscription: WireSubscription): WireInvoiceLine[] {
  return subscription.items.data
    .filter((item) => !isMetered(item.price))
    .map((item) => periodLine(state, subscription, item));
}

/**
 * The line for the current period of an item: over nothing while it is on trial, a share of the
 * price where the anchor, or the subscription's end, cuts the period short.
 */
export function periodLine(
  state: State,
  subscription: WireSubscription,
  item: WireSubscriptionItem,
): WireInvoiceLine {
  const { current_period_start: start } = item;
  const price = priceIn(state, item.price, subscription.currency);
  const end = billedUntil(subscription, item);
  const quantity = item.quantity ?? 1;
  const name = productName(state, price);
  const trial = subscription.status === "trialing";
  const whole = periodAt(subscription.billing_cycle_anchor, recurrenceOf(price), start);
  const cut = !trial && (whole.start < start || end < item.current_period_end);
  const share = cut ? (end - start) / (whole.end - whole.start) : 1;
  return invoiceLine(subscription, {
    item,
    price,
    quantity,
    amount: trial ? 0 : Math.round(amountOf(price, quantity) * share),
    description: trial
      ? `Free trial for ${quantity} × ${name}`
      : `${quantity} × ${name} (at ${rateOf(price)})`,
    period: { start, end },
    proration: cut,
    credited: null,
  });
}

/**
 * Until when an item is billed in its current period, in Unix seconds: until the subscription ends,
 * where that is within it. A trial costs nothing.
 */
export function billedUntil(
  { cancel_at: end, status }: Pick<WireSubscription, "cancel_at" | "status">,
  item: WireSubscriptionItem,
): number {
  const { current_period_start: from, current_period_end: to } = item;
  return status !== "trialing" && end !== null && from < end && end < to ? end : to;
}

/** What was used of a metered item in a time in Unix seconds. */
export interface Usage {
  /** All units of the time. */
  total: number;
  /** How many of them were billed before. */
  billed: number;
  period: { start: number; end: number };
}

/** The line for what was used of a metered item. */
export function usageLine(
  state: State,
  subscription: WireSubscription,
  item: WireSubscriptionItem,
  { total, billed, period }: Usage,
): WireInvoiceLine {
  const price = priceIn(state, item.price, subscription.currency);
  const quantity = total - billed;
  return invoiceLine(subscription, {
    item,
    price,
    quantity,
    amount: amountOf(price, total) - amountOf(price, billed),
    description: `${quantity} × ${productName(state, price)} (at ${rateOf(price)})`,
    period,
    proration: false,
    credited: null,
  });
}

/** What a price is per period, such as `$49.00 / month`. */
function rateOf(price: WirePrice): string {
  return `${formatUnit(price)} / ${formatInterval(price)}`;
}

/** What people call the product of a price. */
export function productName(state: State, price: WirePrice): string {
  return state.products.get(price.product)?.name ?? price.product;
}

/** Builds a line of a subscription; the invoice that it stands on is filled in later. */
export function invoiceLine(subscription: WireSubscription, charged: Charged): WireInvoiceLine {
  const { item, price, quantity, amount, proration, credited } = charged;
  return {
    id: newId("il"),
    object: "line_item",
    amount,
    currency: price.currency,
    description: charged.description,
    discount_amounts: [],
    discountable: !proration,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: { ...subscription.metadata },
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: proration ? newId("ii") : null,
        proration,
        proration_details: { credited_items: credited },
        subscription: subscription.id,
        subscription_item: item.id,
      },
      type: "subscription_item_details",
    },
    period: charged.period,
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: price.id, product: price.product },
      type: "price_details",
      unit_amount_decimal: String(proration ? amount : (price.unit_amount ?? 0)),
    },
    quantity,
    quantity_decimal: String(quantity),
    subtotal: amount,
    taxes: [],
  };
}
