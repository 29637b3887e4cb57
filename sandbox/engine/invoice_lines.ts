import { newId } from "../state/ids.ts";
import type { State } from "../state/state.ts";
import type {
  WireInvoiceLine,
  WirePrice,
  WireSubscription,
  WireSubscriptionItem,
} from "../state/wire.ts";
import { formatDay, formatInterval, formatMoney } from "./money.ts";

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

/** The line for the current period of an item; over nothing while it is on trial. */
export function periodLine(
  state: State,
  subscription: WireSubscription,
  item: WireSubscriptionItem,
): WireInvoiceLine {
  const { price } = item;
  const quantity = item.quantity ?? 1;
  const name = productName(state, price);
  const trial = subscription.status === "trialing";
  const rate = `${formatMoney(price.unit_amount ?? 0, price.currency)} / ${formatInterval(price)}`;
  return invoiceLine(subscription, {
    item,
    price,
    quantity,
    amount: trial ? 0 : (price.unit_amount ?? 0) * quantity,
    description: trial
      ? `Free trial for ${quantity} × ${name}`
      : `${quantity} × ${name} (at ${rate})`,
    period: { start: item.current_period_start, end: item.current_period_end },
    proration: false,
    credited: null,
  });
}

/**
 * The credit for the rest of an item's period at its present price, from `at` in Unix seconds on.
 * Names the paid line that it gives back.
 */
export function creditLine(
  state: State,
  subscription: WireSubscription,
  item: WireSubscriptionItem,
  at: number,
): WireInvoiceLine {
  const quantity = item.quantity ?? 1;
  return invoiceLine(subscription, {
    item,
    price: item.price,
    quantity,
    amount: -shareOf(item, (item.price.unit_amount ?? 0) * quantity, at),
    description: `Unused time on ${productName(state, item.price)} after ${formatDay(at)}`,
    period: { start: at, end: item.current_period_end },
    proration: true,
    credited: lastDebit(state, subscription, item),
  });
}

/** The charge for the rest of an item's period at another price. */
export function debitLine(
  state: State,
  subscription: WireSubscription,
  item: WireSubscriptionItem,
  next: { price: WirePrice; quantity: number; at: number },
): WireInvoiceLine {
  const { price, quantity, at } = next;
  return invoiceLine(subscription, {
    item,
    price,
    quantity,
    amount: shareOf(item, (price.unit_amount ?? 0) * quantity, at),
    description: `Remaining time on ${productName(state, price)} after ${formatDay(at)}`,
    period: { start: at, end: item.current_period_end },
    proration: true,
    credited: null,
  });
}

/** What people call the product of a price. */
export function productName(state: State, price: WirePrice): string {
  return state.products.get(price.product)?.name ?? price.product;
}

/** The share of an amount for a whole period that falls to its rest, to the second. */
function shareOf(item: WireSubscriptionItem, amount: number, at: number): number {
  const { current_period_start: start, current_period_end: end } = item;
  return Math.round((amount * (end - at)) / (end - start));
}

/** The line that charged last for the item's running period. */
function lastDebit(
  state: State,
  subscription: WireSubscription,
  item: WireSubscriptionItem,
): Charged["credited"] {
  const invoices = state.invoices.of(subscription.id).filter(({ status }) => status !== "void");
  for (const invoice of invoices.toReversed()) {
    const lines = invoice.lines.data.filter(
      ({ amount, parent, period }) =>
        amount > 0 &&
        parent?.subscription_item_details?.subscription_item === item.id &&
        period.end === item.current_period_end,
    );
    if (lines.length > 0) {
      return { invoice: invoice.id, invoice_line_items: lines.map(({ id }) => id) };
    }
  }
  return null;
}

function invoiceLine(subscription: WireSubscription, charged: Charged): WireInvoiceLine {
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
