import { periodBoundary } from "../../engine/billing_period.ts";
import { blankSubscription } from "../../engine/blank_subscription.ts";
import { invalidRequest, referenceMissing } from "../../engine/request_error.ts";
import { scheduleEnd } from "../../engine/schedule_end.ts";
import { isLive } from "../../engine/subscriptions.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { WireCustomer, WireSubscription } from "../../state/wire.ts";
import { anchorOf } from "../../subscriptions/anchor_config.ts";
import type { Creation } from "../../subscriptions/create_subscription.ts";
import { setDiscounts } from "../../subscriptions/set_discounts.ts";
import {
  type NewItem,
  recurrenceOf,
  sameRecurrence,
} from "../../subscriptions/subscription_item.ts";
import { mergeMetadata } from "../params.ts";
import type { CreateParams } from "./create_params.ts";
import { chosenPrice } from "./price_param.ts";
import { requestedEnd } from "./requested_end.ts";
import { extrasOf, plainFields } from "./shared_params.ts";

/**
 * What a request asks for, with everything looked up that it names.
 * @throws {RequestError} where something does not exist or does not fit
 */
export function creationOf(tx: Transaction, params: CreateParams): Creation {
  const customer = tx.state.customers.get(params.customer);
  if (customer === undefined) {
    throw referenceMissing("customer", params.customer, "customer");
  }
  const billingMode = params.billing_mode?.type ?? "flexible";
  const lines = newItems(tx, params);
  checkItems(lines, billingMode);
  const currency = params.currency?.toLowerCase() ?? lines[0]?.price.currency ?? "usd";
  checkCurrency(tx, customer, currency);
  const fields = plainFields(tx, blankSubscription(), customer.id, params);
  const anchor = anchorFor(tx, params, lines);
  return {
    customer: customer.id,
    currency,
    lines,
    billingMode,
    anchor,
    paymentMethod: fields.default_payment_method ?? null,
    metadata: mergeMetadata({}, params.metadata),
    description: fields.description ?? null,
    automaticTax: fields.automatic_tax?.enabled ?? false,
    ...trialOf(tx, params, lines),
    startDate: startOf(tx, params),
    fields: {
      ...fields,
      ...modeOf(tx, params),
      billing_cycle_anchor_config: configOf(params),
    },
    complete: (subscription, at) => {
      setDiscounts(at, subscription, params.discounts);
      const end = requestedEnd(subscription, params);
      if (end !== undefined && end.kind !== "never") {
        scheduleEnd(tx, subscription, end);
      }
    },
    paymentBehavior: behaviorOf(params),
    prorationBehavior: params.proration_behavior ?? "create_prorations",
    extras: extrasOf(tx, params, currency),
  };
}

function newItems(tx: Transaction, params: CreateParams): NewItem[] {
  let currency = params.currency?.toLowerCase();
  return params.items.map((item, index) => {
    const name = `items[${index}]`;
    const price = chosenPrice(tx, item, name, { type: "recurring", currency });
    if (price === undefined) {
      throw invalidRequest(`Missing required param: ${name}[price].`, `${name}[price]`);
    }
    currency ??= price.currency;
    if (item.quantity !== undefined && price.recurring?.usage_type === "metered") {
      throw invalidRequest("You cannot set the quantity of a metered price.", `${name}[quantity]`);
    }
    const thresholds = item.billing_thresholds;
    return {
      price,
      quantity: item.quantity ?? 1,
      fields: {
        metadata: mergeMetadata({}, item.metadata),
        billing_thresholds: thresholds ? { usage_gte: thresholds.usage_gte } : null,
      },
    };
  });
}

/**
 * Refuses items that cannot stand beside each other.
 * @throws {RequestError}
 */
export function checkItems(
  items: readonly Pick<NewItem, "price">[],
  billingMode: "classic" | "flexible",
): void {
  const seen = new Set<string>();
  for (const { price } of items) {
    if (seen.has(price.id)) {
      throw invalidRequest(
        `Cannot add multiple subscription items with the same price: ${price.id}`,
        "items",
      );
    }
    seen.add(price.id);
    const [first] = items;
    if (billingMode === "classic" && first && !sameRecurrence(first.price, price)) {
      throw invalidRequest(
        "Currency and interval fields must match across all plans on this subscription. Found " +
          "mismatch in interval field.",
        "items",
      );
    }
  }
}

function checkCurrency(tx: Transaction, customer: WireCustomer, currency: string): void {
  const other = tx.state.subscriptions
    .of(customer.id)
    .find((found) => isLive(found) && found.currency !== currency);
  if (other !== undefined) {
    throw invalidRequest(
      "You cannot combine currencies on a single customer. This customer has an active " +
        `subscription, subscription schedule, discount, quote, or invoice item with currency ` +
        `${other.currency}.`,
    );
  }
}

/** The days of a trial that the prices of a request bring, where it asks for that. */
export function planTrialDays(
  asked: boolean | undefined,
  items: readonly Pick<NewItem, "price">[],
): number | null {
  const days = items.flatMap(({ price }) => price.recurring?.trial_period_days ?? []);
  return asked === true && days.length > 0 ? Math.max(...days) : null;
}

function trialOf(tx: Transaction, params: CreateParams, lines: readonly NewItem[]) {
  const { trial_end: end, trial_period_days: own, trial_from_plan: fromPlan } = params;
  const days = own ?? planTrialDays(fromPlan, lines);
  if (typeof end === "number" && end <= tx.now) {
    throw notInTheFuture("trial_end");
  }
  return {
    trialDays: days === 0 ? null : days,
    trialEnd: typeof end === "number" ? end : null,
  };
}

/** The billing mode, where a request says how it shows the discounts of prorations. */
function modeOf(
  tx: Transaction,
  { billing_mode: mode }: CreateParams,
): Partial<Pick<WireSubscription, "billing_mode">> {
  const proration_discounts = mode?.flexible?.proration_discounts;
  return mode?.type !== "flexible" || proration_discounts === undefined
    ? {}
    : {
        billing_mode: { flexible: { proration_discounts }, type: "flexible", updated_at: tx.now },
      };
}

function startOf(tx: Transaction, { backdate_start_date: start }: CreateParams): number | null {
  if (start !== undefined && start > tx.now) {
    throw invalidRequest("`backdate_start_date` must be in the past.", "backdate_start_date");
  }
  return start ?? null;
}

function anchorFor(tx: Transaction, params: CreateParams, lines: NewItem[]): number | null {
  const config = configOf(params);
  if (config !== null) {
    return anchorOf(config, tx.now);
  }
  const anchor = params.billing_cycle_anchor;
  if (anchor === undefined) {
    return null;
  }
  if (anchor < tx.now) {
    throw notInTheFuture("billing_cycle_anchor");
  }
  for (const { price } of lines) {
    const latest = periodBoundary(tx.now, recurrenceOf(price), 1);
    if (anchor > latest && params.trial_end === undefined && !params.trial_period_days) {
      throw invalidRequest(
        "`billing_cycle_anchor` cannot be later than next natural billing date " +
          `(${latest}) for price \`${price.id}\`.`,
        "billing_cycle_anchor",
      );
    }
  }
  return anchor;
}

function configOf(params: CreateParams): WireSubscription["billing_cycle_anchor_config"] {
  const config = params.billing_cycle_anchor_config;
  if (config === undefined) {
    return null;
  }
  const { day_of_month, hour = null, minute = null, month = null, second = null } = config;
  return { day_of_month, hour, minute, month, second };
}

function behaviorOf({ payment_behavior: behavior }: CreateParams): Creation["paymentBehavior"] {
  return behavior === undefined || behavior === "pending_if_incomplete"
    ? "allow_incomplete"
    : behavior;
}

function notInTheFuture(param: string) {
  return invalidRequest(
    "Invalid timestamp: must be an integer Unix timestamp in the future.",
    param,
    "parameter_invalid_integer",
  );
}
