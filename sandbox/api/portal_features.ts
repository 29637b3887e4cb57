import type { Stripe } from "stripe";
import type { WirePortalConfiguration } from "../state/wire.ts";
import {
  between,
  clearable,
  flag,
  given,
  hash,
  list,
  oneOf,
  type Read,
  required,
  type ShapeOf,
  text,
} from "./params.ts";

const PRORATION = oneOf("none", "create_prorations", "always_invoice");

/** The features of a Portal configuration, as a request sets them. */
export const FEATURES = {
  customer_update: hash({
    allowed_updates: list(oneOf("address", "email", "name", "phone", "shipping", "tax_id")),
    enabled: flag,
  }),
  invoice_history: hash({ enabled: required(flag) }),
  payment_method_update: hash({ enabled: required(flag) }),
  subscription_cancel: hash({
    cancellation_reason: hash({ enabled: required(flag), options: list(text) }),
    enabled: flag,
    mode: oneOf("at_period_end", "immediately"),
    proration_behavior: PRORATION,
  }),
  subscription_update: hash({
    billing_cycle_anchor: oneOf("now", "unchanged"),
    default_allowed_updates: list(oneOf("price", "quantity", "promotion_code")),
    enabled: flag,
    products: list(
      hash({
        adjustable_quantity: hash({
          enabled: required(flag),
          maximum: between(1, 999_999),
          minimum: between(0, 999_999),
        }),
        prices: required(list(text)),
        product: required(text),
      }),
      10,
    ),
    proration_behavior: PRORATION,
    schedule_at_period_end: hash({
      conditions: clearable(
        list(hash({ type: required(oneOf("decreasing_item_amount", "shortening_interval")) })),
      ),
    }),
    trial_update_behavior: oneOf("continue_trial", "end_trial"),
  }),
} satisfies ShapeOf<Stripe.BillingPortal.ConfigurationCreateParams.Features>;

type Features = WirePortalConfiguration["features"];

/** The features of a configuration in which nothing is enabled. */
export function noFeatures(): Features {
  return {
    customer_update: { allowed_updates: [], enabled: false },
    invoice_history: { enabled: false },
    payment_method_update: { enabled: false, payment_method_configuration: null },
    subscription_cancel: {
      cancellation_reason: { enabled: false, feedback_options: null, options: [] },
      enabled: false,
      mode: "at_period_end",
      proration_behavior: "none",
    },
    subscription_pause: {
      duration: { interval_options: [], type: "indefinite" },
      enabled: false,
    },
    subscription_update: {
      billing_cycle_anchor: null,
      default_allowed_updates: [],
      enabled: false,
      products: [],
      proration_behavior: "none",
      schedule_at_period_end: { conditions: [] },
      trial_update_behavior: "end_trial",
    },
  };
}

/** Applies what a request says to the features of a configuration. */
export function applyFeatures(features: Features, sent: Read<typeof FEATURES>): void {
  Object.assign(features.customer_update, given(sent.customer_update ?? {}));
  Object.assign(features.invoice_history, given(sent.invoice_history ?? {}));
  Object.assign(features.payment_method_update, given(sent.payment_method_update ?? {}));
  const { cancellation_reason: reason, ...cancel } = sent.subscription_cancel ?? {};
  Object.assign(features.subscription_cancel, given(cancel));
  Object.assign(features.subscription_cancel.cancellation_reason, given(reason ?? {}));
  const { products, schedule_at_period_end: schedule, ...update } = sent.subscription_update ?? {};
  Object.assign(features.subscription_update, given(update));
  if (schedule?.conditions !== undefined) {
    const conditions = schedule.conditions ?? [];
    features.subscription_update.schedule_at_period_end = { conditions };
  }
  if (products !== undefined) {
    features.subscription_update.products = products.map(({ product, prices, ...rest }) => ({
      adjustable_quantity: {
        enabled: rest.adjustable_quantity?.enabled ?? false,
        maximum: rest.adjustable_quantity?.maximum ?? null,
        minimum: rest.adjustable_quantity?.minimum ?? 1,
      },
      prices,
      product,
    }));
  }
}
