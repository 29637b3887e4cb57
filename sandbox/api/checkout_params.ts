import type { Stripe } from "stripe";
import { invalidRequest } from "../engine/request_error.ts";
import {
  between,
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
  url,
} from "./params.ts";

const on = hash({ enabled: required(flag) });

/** The parameters of a new Checkout Session that the sandbox takes. */
export const NEW_SESSION = {
  adaptive_pricing: on,
  allow_promotion_codes: flag,
  allowed_payment_method_types: list(text),
  automatic_tax: on,
  billing_address_collection: oneOf("auto", "required"),
  cancel_url: url,
  client_reference_id: text,
  customer: text,
  customer_creation: oneOf("always", "if_required"),
  customer_email: text,
  customer_update: hash({
    address: oneOf("auto", "never"),
    name: oneOf("auto", "never"),
    shipping: oneOf("auto", "never"),
  }),
  discounts: list(hash({ coupon: text, promotion_code: text }), 1),
  excluded_payment_method_types: list(text),
  expires_at: integer,
  integration_identifier: text,
  line_items: list(hash({ price: required(text), quantity: between(1, 999_999) }), 20),
  locale: text,
  managed_payments: on,
  metadata,
  mode: required(oneOf("payment", "setup", "subscription")),
  payment_intent_data: hash({ metadata, description: text }),
  payment_method_collection: oneOf("always", "if_required"),
  phone_number_collection: on,
  submit_type: oneOf("auto", "pay", "subscribe"),
  subscription_data: hash({
    billing_mode: hash({ type: required(oneOf("flexible", "classic")) }),
    description: text,
    metadata,
    trial_period_days: between(1, 730),
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

/**
 * Refuses what Stripe refuses of these parameters together, and what the sandbox does not do.
 * @throws {RequestError}
 */
export function checkNewSession(params: NewSessionParams): void {
  if (params.mode === "setup") {
    throw invalidRequest(`The sandbox does not do mode \`${params.mode}\`.`, "mode");
  }
  if (params.ui_mode !== undefined && params.ui_mode !== "hosted_page") {
    throw invalidRequest(`The sandbox does not do ui_mode \`${params.ui_mode}\`.`, "ui_mode");
  }
  if (params.success_url === undefined) {
    throw missing("success_url");
  }
  if (params.line_items === undefined || params.line_items.length === 0) {
    throw missing("line_items");
  }
  if (params.customer !== undefined && params.customer_email !== undefined) {
    throw invalidRequest(
      "You may only specify one of these parameters: customer, customer_email.",
      "customer",
    );
  }
  if (params.discounts !== undefined && params.allow_promotion_codes !== undefined) {
    throw invalidRequest(
      "You may only specify one of these parameters: allow_promotion_codes, discounts.",
      "discounts",
    );
  }
  checkModes(params);
  if (params.customer === undefined && params.customer_update !== undefined) {
    throw invalidRequest("`customer_update` can only be used with `customer`.", "customer_update");
  }
  if (params.subscription_data?.billing_mode?.type === "classic") {
    throw invalidRequest(
      "The sandbox does not do the classic billing mode.",
      "subscription_data[billing_mode][type]",
    );
  }
  checkTaxIdCollection(params);
}

function checkModes(params: NewSessionParams): void {
  const foreign =
    params.mode === "payment"
      ? (["subscription_data", "payment_method_collection"] as const)
      : (["customer_creation", "payment_intent_data"] as const);
  const other = params.mode === "payment" ? "subscription" : "payment";
  for (const name of foreign) {
    if (params[name] !== undefined) {
      throw invalidRequest(`\`${name}\` can only be used in \`${other}\` mode.`, name);
    }
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
