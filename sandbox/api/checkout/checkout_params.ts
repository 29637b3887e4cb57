import type { Stripe } from "stripe";
import { invalidRequest } from "../../engine/request_error.ts";
import { currency } from "../catalog/amounts.ts";
import { checkPriceData, PRICE_DATA } from "../catalog/price_params.ts";
import {
  between,
  email,
  flag,
  hash,
  integer,
  list,
  metadata,
  oneOf,
  type Read,
  required,
  type ShapeOf,
  text,
  upTo,
  url,
} from "../params.ts";
import { paymentShipping } from "../wallet/addresses.ts";

const on = hash({ enabled: required(flag) });

/** How many line items a session may have. Source: stripe-node, `SessionCreateParams.line_items`. */
const MOST_ITEMS = 100;
const MOST_RECURRING = 20;

const LINE_ITEM = hash({
  adjustable_quantity: hash({
    enabled: required(flag),
    maximum: between(1, 999_999),
    minimum: between(0, 999_999),
  }),
  metadata,
  price: text,
  price_data: hash({
    ...PRICE_DATA,
    product: text,
    product_data: hash({
      description: upTo(40_000),
      images: list(url, 8),
      metadata,
      name: required(text),
      tax_code: text,
      unit_label: upTo(12),
    }),
  }),
  quantity: between(0, 999_999),
});

/** The parameters of a new Checkout Session that the sandbox takes. */
export const NEW_SESSION = {
  adaptive_pricing: on,
  after_expiration: hash({
    recovery: hash({ allow_promotion_codes: flag, enabled: required(flag) }),
  }),
  allow_promotion_codes: flag,
  allowed_payment_method_types: list(text),
  automatic_tax: on,
  billing_address_collection: oneOf("auto", "required"),
  cancel_url: url,
  client_reference_id: upTo(200),
  consent_collection: hash({
    payment_method_reuse_agreement: hash({ position: required(oneOf("auto", "hidden")) }),
    promotions: oneOf("auto", "none"),
    terms_of_service: oneOf("none", "required"),
  }),
  currency,
  customer: text,
  customer_creation: oneOf("always", "if_required"),
  customer_email: email,
  customer_update: hash({
    address: oneOf("auto", "never"),
    name: oneOf("auto", "never"),
    shipping: oneOf("auto", "never"),
  }),
  discounts: list(hash({ coupon: text, promotion_code: text }), 1),
  excluded_payment_method_types: list(text),
  expires_at: integer,
  integration_identifier: upTo(200),
  invoice_creation: hash({
    enabled: required(flag),
    invoice_data: hash({ description: upTo(1500), footer: text, metadata }),
  }),
  line_items: list(LINE_ITEM, MOST_ITEMS),
  locale: text,
  managed_payments: on,
  metadata,
  mode: required(oneOf("payment", "setup", "subscription")),
  payment_intent_data: hash({
    description: upTo(1000),
    metadata,
    receipt_email: email,
    setup_future_usage: oneOf("off_session", "on_session"),
    shipping: paymentShipping,
  }),
  payment_method_collection: oneOf("always", "if_required"),
  phone_number_collection: on,
  setup_intent_data: hash({ description: upTo(1000), metadata }),
  submit_type: oneOf("auto", "book", "donate", "pay", "subscribe"),
  subscription_data: hash({
    billing_cycle_anchor: integer,
    billing_mode: hash({ type: required(oneOf("flexible", "classic")) }),
    description: upTo(500),
    metadata,
    proration_behavior: oneOf("create_prorations", "none"),
    trial_end: integer,
    trial_period_days: between(1, 730),
    trial_settings: hash({
      end_behavior: required(
        hash({ missing_payment_method: required(oneOf("cancel", "create_invoice", "pause")) }),
      ),
    }),
  }),
  success_url: url,
  tax_id_collection: hash({
    enabled: required(flag),
    required: oneOf("if_supported", "never"),
  }),
  ui_mode: oneOf("hosted_page", "embedded_page", "elements", "form"),
} satisfies ShapeOf<Stripe.Checkout.SessionCreateParams>;

/** A request for a new Checkout Session. */
export type NewSessionParams = Read<typeof NEW_SESSION>;

/** What only sessions of one mode, or of two, have. */
const OF_MODES = {
  customer_creation: ["payment", "setup"],
  invoice_creation: ["payment"],
  payment_intent_data: ["payment"],
  payment_method_collection: ["subscription"],
  setup_intent_data: ["setup"],
  submit_type: ["payment", "subscription"],
  subscription_data: ["subscription"],
} as const;

const EXCLUSIVE = [
  ["customer", "customer_email"],
  ["customer", "customer_creation"],
  ["allow_promotion_codes", "discounts"],
  ["allowed_payment_method_types", "excluded_payment_method_types"],
] as const;

/**
 * Refuses what Stripe refuses of these parameters together, and what the sandbox does not do.
 * @throws {RequestError}
 */
export function checkNewSession(params: NewSessionParams): void {
  if (params.ui_mode !== undefined && params.ui_mode !== "hosted_page") {
    throw invalidRequest(`The sandbox does not do ui_mode \`${params.ui_mode}\`.`, "ui_mode");
  }
  if (params.success_url === undefined) {
    throw missing("success_url");
  }
  checkModes(params);
  for (const [one, other] of EXCLUSIVE) {
    if (params[one] !== undefined && params[other] !== undefined) {
      throw invalidRequest(`You may only specify one of these parameters: ${one}, ${other}.`, one);
    }
  }
  checkItems(params);
  if (params.customer === undefined && params.customer_update !== undefined) {
    throw invalidRequest("`customer_update` can only be used with `customer`.", "customer_update");
  }
  checkSubscriptionData(params.subscription_data);
  checkTaxIdCollection(params);
}

function checkModes(params: NewSessionParams): void {
  for (const [name, modes] of Object.entries(OF_MODES)) {
    const sent = params[name as keyof typeof OF_MODES];
    if (sent !== undefined && !(modes as readonly string[]).includes(params.mode)) {
      throw invalidRequest(
        `\`${name}\` can only be used in \`${modes.join("` or `")}\` mode.`,
        name,
      );
    }
  }
  if (params.mode === "setup") {
    if (params.currency === undefined && params.allowed_payment_method_types === undefined) {
      throw missing("currency");
    }
    if (params.line_items !== undefined) {
      throw invalidRequest("You can not pass `line_items` in `setup` mode.", "line_items");
    }
  }
}

function checkItems({ mode, line_items: items = [] }: NewSessionParams): void {
  if (mode !== "setup" && items.length === 0) {
    throw missing("line_items");
  }
  for (const [index, { price, price_data: data }] of items.entries()) {
    const name = `line_items[${index}]`;
    if ((price === undefined) === (data === undefined)) {
      throw invalidRequest(
        `You must specify either \`price\` or \`price_data\` for each of \`line_items\`.`,
        `${name}[price]`,
      );
    }
    if (data !== undefined) {
      checkPriceData(data, `${name}[price_data]`);
      if ((data.product === undefined) === (data.product_data === undefined)) {
        throw missing(`${name}[price_data][product]`);
      }
    }
  }
}

function checkSubscriptionData(data: NewSessionParams["subscription_data"]): void {
  if (data?.billing_mode?.type === "classic") {
    throw invalidRequest(
      "The sandbox does not do the classic billing mode in Checkout.",
      "subscription_data[billing_mode][type]",
    );
  }
  if (data?.trial_end !== undefined && data.trial_period_days !== undefined) {
    throw invalidRequest(
      "You may only specify one of these parameters: trial_end, trial_period_days.",
      "subscription_data[trial_end]",
    );
  }
  if (data?.proration_behavior !== undefined && data.billing_cycle_anchor === undefined) {
    throw invalidRequest(
      "`proration_behavior` can only be used with `billing_cycle_anchor`.",
      "subscription_data[proration_behavior]",
    );
  }
}

/**
 * Refuses more recurring items than a session may have.
 * @throws {RequestError}
 */
export function checkRecurring(recurring: number): void {
  if (recurring > MOST_RECURRING) {
    throw invalidRequest(
      `A Checkout Session in \`subscription\` mode has at most ${MOST_RECURRING} recurring prices.`,
      "line_items",
    );
  }
}

function checkTaxIdCollection(params: NewSessionParams): void {
  const collects = params.tax_id_collection?.enabled === true;
  if (collects && params.customer !== undefined && params.customer_update?.name !== "auto") {
    throw invalidRequest(
      "Tax ID collection requires updating business name on the customer. To enable tax ID " +
        "collection for an existing customer, please set `customer_update[name]` to `auto`.",
      "tax_id_collection",
    );
  }
}

function missing(name: string): Error {
  return invalidRequest(`Missing required param: ${name}.`, name, "parameter_missing");
}
