import type { State } from "../state/state.ts";
import type {
  WirePortalConfiguration,
  WirePrice,
  WirePromotionCode,
  WireSubscription,
  WireSubscriptionItem,
} from "../state/wire.ts";
import { amountOf } from "../subscriptions/subscription_item.ts";
import { isSoldIn, priceIn } from "./catalog/price_in.ts";
import { changePlan, type PlanChange } from "./plan_change.ts";
import { invalidRequest } from "./request_error.ts";
import { hasFuturePhase, scheduleChange, scheduleOf } from "./schedules.ts";
import { isLive, scheduledEnd } from "./subscriptions.ts";
import type { Transaction } from "./transaction.ts";

type Features = WirePortalConfiguration["features"];

/** What somebody chose in the Portal. */
export interface PortalChoice {
  subscription: WireSubscription;
  item: WireSubscriptionItem;
  price: WirePrice;
  quantity: number;
  /** A promotion code to redeem with it. */
  code?: WirePromotionCode;
}

/** What a configuration lets customers change of a subscription. */
function allows({ subscription_update: update }: Features, what: string): boolean {
  return update.enabled && update.default_allowed_updates.some((allowed) => allowed === what);
}

/** Whether a configuration lets customers redeem a promotion code with an update. */
export function allowsCodes(features: Features): boolean {
  return allows(features, "promotion_code");
}

/** How many of a price a configuration lets customers choose; undefined for no choice. */
export function quantityRange(
  features: Features,
  price: WirePrice,
): { minimum: number; maximum: number | null } | undefined {
  const { products } = features.subscription_update;
  const range = products?.find(({ prices }) => prices.includes(price.id))?.adjustable_quantity;
  return range?.enabled === true && allows(features, "quantity")
    ? { minimum: range.minimum, maximum: range.maximum ?? null }
    : undefined;
}

/**
 * The quantity that somebody typed.
 * @throws {RequestError} where the configuration offers no such quantity
 */
export function chosenQuantity(features: Features, price: WirePrice, typed: string): number {
  const range = quantityRange(features, price);
  const most = range?.maximum ?? 999_999;
  const quantity = Number(typed);
  if (range === undefined || !Number.isInteger(quantity)) {
    throw invalidRequest("This portal configuration does not let customers choose a quantity.");
  }
  if (quantity < range.minimum || quantity > most) {
    throw invalidRequest(`Choose a quantity from ${range.minimum} to ${most}.`);
  }
  return quantity;
}

/** The prices that a configuration offers to those who change their plan. */
export function offeredPrices(
  state: State,
  { subscription_update: update }: Features,
): WirePrice[] {
  return (update.products ?? [])
    .flatMap(({ prices }) => prices)
    .flatMap((id) => state.prices.get(id) ?? [])
    .filter((price) => price.active && price.billing_scheme !== "tiered");
}

/**
 * The item of a subscription that the Portal may change.
 * @throws {RequestError} where it may not: ended or ending, several items, a change to come
 */
export function changeableItem(
  state: State,
  features: Features,
  subscription: WireSubscription,
): WireSubscriptionItem {
  if (!["price", "quantity", "promotion_code"].some((what) => allows(features, what))) {
    throw invalidRequest("This portal configuration does not let customers change their plan.");
  }
  if (!isLive(subscription) || scheduledEnd(subscription) !== null) {
    throw invalidRequest("The subscription has ended or is set to end, so it cannot be updated.");
  }
  if (hasFuturePhase(scheduleOf(state, subscription))) {
    throw invalidRequest("The subscription has a scheduled update already.");
  }
  const [item, ...more] = subscription.items.data;
  if (item === undefined || more.length > 0) {
    throw invalidRequest("Subscriptions with multiple items cannot be updated in the portal.");
  }
  return item;
}

/**
 * Refuses prices that the configuration does not list, and those that change nothing.
 * @throws {RequestError}
 */
export function checkChoice(state: State, features: Features, choice: PortalChoice): void {
  const { item, price, quantity } = choice;
  const same = item.price.id === price.id;
  const listed = offeredPrices(state, features).some(({ id }) => id === price.id);
  if (same ? !listed && choice.code === undefined : !listed || !allows(features, "price")) {
    throw invalidRequest(
      `The price \`${price.id}\` is not in the portal configuration's ` +
        "`features[subscription_update][products]`.",
      "flow_data[subscription_update_confirm][items][0][price]",
    );
  }
  if (same && (item.quantity ?? 1) === quantity && choice.code === undefined) {
    throw invalidRequest(
      "There are no changes to confirm: the subscription has this price and quantity already.",
      "flow_data[subscription_update_confirm][items]",
    );
  }
  if (!isSoldIn(state, price, choice.subscription.currency)) {
    throw invalidRequest(
      `The subscription is in ${choice.subscription.currency}, the price is not.`,
      "flow_data[subscription_update_confirm][items][0][price]",
    );
  }
}

/** Whether the configuration puts the choice off to the end of the period. */
export function isPutOff(
  state: State,
  features: Features,
  { subscription, item, price, quantity }: PortalChoice,
): boolean {
  const { conditions } = features.subscription_update.schedule_at_period_end;
  const cost = (of: WirePrice, many: number) =>
    amountOf(priceIn(state, of, subscription.currency), many);
  const decreasing = cost(price, quantity) < cost(item.price, item.quantity ?? 1);
  const shortening = daysOf(price) < daysOf(item.price);
  return conditions.some(({ type }) =>
    type === "decreasing_item_amount" ? decreasing : type === "shortening_interval" && shortening,
  );
}

/** The choice as a change that takes effect now, under the configuration's rules. */
export function immediateChange(
  tx: Pick<Transaction, "now">,
  features: Features,
  { item, price, quantity, code }: Omit<PortalChoice, "subscription">,
): PlanChange {
  const update = features.subscription_update;
  return {
    ...(code !== undefined && { discounts: [{ promotion_code: code.id }] }),
    item,
    price,
    quantity,
    prorationBehavior: behaviorOf(update.proration_behavior),
    prorationDate: tx.now,
    resetAnchor: update.billing_cycle_anchor === "now",
    endTrial: update.trial_update_behavior === "end_trial",
  };
}

/** How each way of the assumption about declined upgrades is asked for. */
const ON_DECLINE = {
  keeps_change: "allow_incomplete",
  refuses_change: "error_if_incomplete",
  pends_change: "pending_if_incomplete",
} as const;

/** Does what somebody confirmed: at once or, where the configuration says so, later. */
export function confirmChoice(tx: Transaction, features: Features, choice: PortalChoice): void {
  changeableItem(tx.state, features, choice.subscription);
  checkChoice(tx.state, features, choice);
  if (isPutOff(tx.state, features, choice)) {
    scheduleChange(tx, choice.subscription, choice);
  } else {
    const change = immediateChange(tx, features, choice);
    changePlan(tx, choice.subscription, change, ON_DECLINE[tx.state.assumptions.portalDecline]);
  }
}

function behaviorOf(text: string): PlanChange["prorationBehavior"] {
  return text === "always_invoice" || text === "create_prorations" ? text : "none";
}

function daysOf({ recurring }: WirePrice): number {
  const days = { day: 1, week: 7, month: 30, year: 365 };
  const { interval, interval_count: count } = recurring ?? { interval: "month", interval_count: 1 };
  return (days[interval as keyof typeof days] ?? 30) * count;
}
