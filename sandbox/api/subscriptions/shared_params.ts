import { invalidRequest, referenceMissing } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { WireSubscription } from "../../state/wire.ts";
import type { Extra } from "../../subscriptions/extras.ts";
import { DISCOUNTS, taxRatesOf } from "../invoicing/money_params.ts";
import {
  between,
  clearable,
  flag,
  hash,
  integer,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  type Param,
  type Read,
  required,
  text,
} from "../params.ts";
import { chosenPrice, ONE_TIME_PRICE_DATA, RECURRING_PRICE_DATA } from "./price_param.ts";

const periodEndWord = oneOf("max_billed_until", "min_period_end", "max_period_end");

type WireThresholds = NonNullable<WireSubscription["billing_thresholds"]>;

/** An instant in Unix seconds, or one of the ends of the running periods. */
export const cancelAt: Param<
  number | "max_billed_until" | "min_period_end" | "max_period_end" | undefined
> = (value, name) =>
  typeof value === "string" && /^\d+$/.test(value)
    ? integer(value, name)
    : periodEndWord(value, name);

/** An instant in Unix seconds, or now. */
export const nowOrTime: Param<number | "now" | undefined> = (value, name) =>
  value === "now" ? "now" : integer(value, name);

/** What is done about the difference in price. */
export const PRORATION = oneOf("always_invoice", "create_prorations", "none");

const LARGEST = 999_999_999;

/** A quantity of a licensed price. */
const QUANTITY = between(0, LARGEST);

/** Source of the least amount: docs.stripe.com/billing/subscriptions/usage-based/thresholds. */
export const THRESHOLDS = clearable(
  hash({ amount_gte: between(50, LARGEST), reset_billing_cycle_anchor: flag }),
);

/** Thresholds of a subscription in Stripe's shape; null for none. */
export function thresholdsOf(sent: ReturnType<typeof THRESHOLDS>): WireThresholds | null {
  return sent
    ? {
        amount_gte: sent.amount_gte ?? null,
        reset_billing_cycle_anchor: sent.reset_billing_cycle_anchor ?? null,
      }
    : null;
}

/** What describes one item of a subscription, new or present. */
export const ITEM_FIELDS = {
  billing_thresholds: clearable(hash({ usage_gte: required(between(1, LARGEST)) })),
  metadata,
  plan: text,
  price: text,
  price_data: RECURRING_PRICE_DATA,
  quantity: QUANTITY,
};

/** Parameters that create and update have in common. */
export const SHARED = {
  add_invoice_items: list(
    hash({
      metadata,
      price: text,
      price_data: ONE_TIME_PRICE_DATA,
      quantity: QUANTITY,
    }),
    20,
  ),
  automatic_tax: hash({ enabled: required(flag) }),
  billing_thresholds: THRESHOLDS,
  cancel_at_period_end: flag,
  collection_method: oneOf("charge_automatically", "send_invoice"),
  days_until_due: between(0, 730),
  default_payment_method: clearable(text),
  default_tax_rates: clearable(list(text, 20)),
  description: clearable(text),
  discounts: DISCOUNTS,
  invoice_settings: hash({
    custom_fields: clearable(list(hash({ name: required(text), value: required(text) }), 4)),
    description: clearable(text),
    footer: clearable(text),
  }),
  metadata,
  off_session: flag,
  payment_behavior: oneOf(
    "allow_incomplete",
    "default_incomplete",
    "error_if_incomplete",
    "pending_if_incomplete",
  ),
  payment_settings: hash({
    payment_method_types: clearable(list(text)),
    save_default_payment_method: oneOf("off", "on_subscription"),
  }),
  proration_behavior: PRORATION,
  trial_end: nowOrTime,
  trial_from_plan: flag,
  trial_settings: hash({
    end_behavior: required(
      hash({
        billing_cycle_anchor: oneOf("now", "unchanged"),
        missing_payment_method: oneOf("cancel", "create_invoice", "pause"),
      }),
    ),
  }),
};

/** The values of the {@linkcode SHARED} parameters. */
export type SharedParams = Read<typeof SHARED>;

/** What a request changes only in part. */
type Present = Pick<
  WireSubscription,
  | "collection_method"
  | "days_until_due"
  | "invoice_settings"
  | "payment_settings"
  | "trial_settings"
>;

/**
 * The fields of a subscription that a request sets without any consequence of its own; `present`
 * holds what the subscription has so far.
 * @throws {RequestError} where the payment method is not the customer's, or parameters collide
 */
export function plainFields(
  tx: Transaction,
  present: Present,
  customer: string,
  params: SharedParams,
): Partial<WireSubscription> {
  const fields: Partial<WireSubscription> = {};
  const { default_payment_method: method, invoice_settings, payment_settings } = params;
  if (method !== undefined && method !== null) {
    requireMethod(tx, method, customer);
  }
  if (method !== undefined) {
    fields.default_payment_method = method;
  }
  if (params.default_tax_rates !== undefined) {
    fields.default_tax_rates = taxRatesOf(tx, params.default_tax_rates, "default_tax_rates");
  }
  if (params.description !== undefined) {
    fields.description = params.description;
  }
  if (params.automatic_tax !== undefined) {
    const { enabled } = params.automatic_tax;
    fields.automatic_tax = {
      disabled_reason: null,
      enabled,
      liability: enabled ? { type: "self" } : null,
    };
  }
  if (params.billing_thresholds !== undefined) {
    fields.billing_thresholds = thresholdsOf(params.billing_thresholds);
  }
  if (invoice_settings !== undefined) {
    fields.invoice_settings = merged(present.invoice_settings, invoice_settings);
  }
  if (payment_settings !== undefined && present.payment_settings !== null) {
    fields.payment_settings = merged(present.payment_settings, payment_settings);
  }
  if (params.trial_settings !== undefined && present.trial_settings !== null) {
    const { end_behavior } = present.trial_settings;
    const wanted = params.trial_settings.end_behavior;
    fields.trial_settings = { end_behavior: merged(end_behavior, wanted) };
  }
  return { ...fields, ...collectionFields(present, params) };
}

function collectionFields(
  present: Pick<WireSubscription, "collection_method" | "days_until_due">,
  params: SharedParams,
): Partial<WireSubscription> {
  const method = params.collection_method ?? present.collection_method;
  const days = params.days_until_due ?? present.days_until_due;
  if (method !== "send_invoice") {
    if (params.days_until_due !== undefined) {
      throw invalidRequest(
        "`days_until_due` can only be set if `collection_method` is set to `send_invoice`.",
        "days_until_due",
      );
    }
    return { collection_method: method, days_until_due: null };
  }
  if (days === null) {
    throw invalidRequest(
      "You must pass in `days_until_due` if you're setting `collection_method` to `send_invoice`.",
      "days_until_due",
    );
  }
  return { collection_method: method, days_until_due: days };
}

function requireMethod(tx: Transaction, method: string, customer: string): void {
  if (tx.state.paymentMethods.get(method)?.customer !== customer) {
    throw referenceMissing("PaymentMethod", method, "default_payment_method");
  }
}

/** One-time charges that a request adds, their prices looked up. */
export function extrasOf(
  tx: Transaction,
  params: Pick<SharedParams, "add_invoice_items">,
  currency: string,
): Extra[] {
  return (params.add_invoice_items ?? []).map((extra, index) => {
    const name = `add_invoice_items[${index}]`;
    const price = chosenPrice(tx, extra, name, { type: "one_time", currency });
    if (price === undefined) {
      throw invalidRequest(`Missing required param: ${name}[price].`, `${name}[price]`);
    }
    return {
      price,
      quantity: extra.quantity ?? 1,
      metadata: mergeMetadata({}, extra.metadata),
    };
  });
}

/** `present` with the fields that were sent. */
function merged<T extends object>(present: T, sent: object): T {
  const given = Object.entries(sent).filter(([, value]) => value !== undefined);
  return { ...present, ...Object.fromEntries(given) };
}
