import { customerDetails, newSessionAddress } from "../engine/checkout.ts";
import { priceSession } from "../engine/invoicing/session_totals.ts";
import { invalidRequest, referenceMissing } from "../engine/request_error.ts";
import type { Transaction } from "../engine/transaction.ts";
import { copyOf } from "../state/copy_of.ts";
import { newId } from "../state/ids.ts";
import type { CheckoutDetails } from "../state/state.ts";
import type { WireCheckoutSession, WireLineItem, WirePrice } from "../state/wire.ts";
import { blankCheckoutSession } from "./blank_checkout_session.ts";
import type { NewSessionParams } from "./checkout_params.ts";
import { mergeMetadata } from "./params.ts";

const MINUTE_SECONDS = 60;
const DAY_SECONDS = 86_400;

/**
 * Opens a Checkout Session.
 * @throws {RequestError} where its customer, prices or expiry are not as Stripe wants them
 */
export function openSession(tx: Transaction, params: NewSessionParams): WireCheckoutSession {
  checkCustomer(tx, params);
  const expiresAt = expiryOf(tx, params.expires_at);
  const lineItems = (params.line_items ?? []).map((line, index) =>
    buildLineItem(tx, line, { mode: params.mode, param: `line_items[${index}][price]` }),
  );
  checkPricesAgree(lineItems);
  const session = buildSession(tx, { params, expiresAt, lineItems });
  tx.state.checkoutSessions.set(session.id, session);
  const details: CheckoutDetails = {
    lineItems,
    discounts: params.discounts ?? [],
    subscriptionMetadata: mergeMetadata({}, params.subscription_data?.metadata),
    subscriptionDescription: params.subscription_data?.description ?? null,
    trialDays: params.subscription_data?.trial_period_days ?? null,
    paymentMetadata: mergeMetadata({}, params.payment_intent_data?.metadata),
    paymentDescription: params.payment_intent_data?.description ?? null,
  };
  priceSession(tx, session, details);
  session.discounts = (params.discounts ?? []).map(({ coupon, promotion_code: code }) => ({
    coupon: coupon ?? null,
    promotion_code: code ?? null,
  }));
  tx.state.checkoutDetails.set(session.id, details);
  return session;
}

function checkCustomer(tx: Transaction, params: NewSessionParams): void {
  if (params.customer === undefined) {
    return;
  }
  const customer = tx.state.customers.get(params.customer);
  if (customer === undefined) {
    throw referenceMissing("customer", params.customer, "customer");
  }
  const needsAddress = params.automatic_tax?.enabled === true && !customer.address?.country;
  if (needsAddress && params.customer_update?.address !== "auto") {
    throw invalidRequest(
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a " +
        "valid address to the Customer or set either `customer_update[address]` to 'auto' or " +
        "`customer_update[shipping]` to 'auto' to save the address entered in Checkout.",
      "customer",
      "customer_tax_location_invalid",
    );
  }
}

function expiryOf(tx: Transaction, wanted: number | undefined): number {
  const expiresAt = wanted ?? tx.now + DAY_SECONDS;
  if (expiresAt < tx.now + 30 * MINUTE_SECONDS || expiresAt > tx.now + DAY_SECONDS) {
    throw invalidRequest(
      "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session " +
        "creation.",
      "expires_at",
    );
  }
  return expiresAt;
}

function buildLineItem(
  tx: Transaction,
  line: { price: string; quantity: number | undefined },
  { mode, param }: { mode: NewSessionParams["mode"]; param: string },
): WireLineItem {
  const price = tx.state.prices.get(line.price);
  if (price === undefined) {
    throw referenceMissing("price", line.price, param);
  }
  const product = tx.state.products.get(price.product);
  if (!price.active || product?.active === false) {
    throw invalidRequest(
      `The price specified is inactive. This field only accepts active prices.`,
      param,
    );
  }
  if (mode === "payment" && price.recurring !== null) {
    throw invalidRequest(
      "You specified `payment` mode but passed a recurring price. Either switch to `subscription` " +
        "mode or use only one-time prices.",
      param,
    );
  }
  if (mode === "subscription" && price.recurring === null) {
    throw invalidRequest(
      "The sandbox does not bill one-time prices in `subscription` mode.",
      param,
    );
  }
  const quantity = line.quantity ?? 1;
  const amount = (price.unit_amount ?? 0) * quantity;
  return {
    id: newId("li"),
    object: "item",
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: product?.name ?? null,
    metadata: {},
    price: copyOf(price),
    quantity,
  };
}

function checkPricesAgree(lineItems: WireLineItem[]): void {
  const rates = lineItems.map(({ price }) => rhythmOf(price));
  if (new Set(rates).size > 1) {
    throw invalidRequest(
      "The sandbox wants all prices of a Checkout Session in one currency and interval.",
      "line_items",
    );
  }
}

function rhythmOf(price: WirePrice | null): string {
  const { interval, interval_count: count } = price?.recurring ?? {};
  return `${price?.currency} ${count} ${interval}`;
}

interface SessionParts {
  params: NewSessionParams;
  expiresAt: number;
  lineItems: WireLineItem[];
}

function buildSession(tx: Transaction, parts: SessionParts): WireCheckoutSession {
  const { params, expiresAt, lineItems } = parts;
  const onTrial = params.subscription_data?.trial_period_days !== undefined;
  const total = onTrial ? 0 : lineItems.reduce((sum, line) => sum + line.amount_total, 0);
  const customer = tx.state.customers.get(params.customer ?? "");
  const email = customer?.email ?? params.customer_email ?? null;
  const taxed = params.automatic_tax?.enabled === true;
  return {
    ...blankCheckoutSession(),
    ...newSessionAddress(tx),
    object: "checkout.session",
    adaptive_pricing: { enabled: params.adaptive_pricing?.enabled ?? true },
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    amount_subtotal: total,
    amount_total: total,
    automatic_tax: {
      enabled: taxed,
      liability: taxed ? { type: "self" } : null,
      provider: taxed ? "stripe" : null,
      status: taxed ? "requires_location_inputs" : null,
    },
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    created: tx.now,
    currency: lineItems[0]?.currency ?? null,
    customer: customer?.id ?? null,
    customer_details: email === null ? null : customerDetails(email, null),
    customer_email: params.customer_email ?? null,
    ...(params.excluded_payment_method_types && {
      excluded_payment_method_types: params.excluded_payment_method_types,
    }),
    expires_at: expiresAt,
    integration_identifier: params.integration_identifier ?? null,
    locale: params.locale ?? null,
    managed_payments: { enabled: params.managed_payments?.enabled ?? false },
    metadata: mergeMetadata({}, params.metadata),
    mode: params.mode,
    customer_creation: params.mode === "payment" && !customer ? "if_required" : null,
    payment_method_collection:
      params.mode === "payment" ? "if_required" : (params.payment_method_collection ?? "always"),
    payment_method_options: { card: { request_three_d_secure: "automatic" } },
    phone_number_collection: { enabled: params.phone_number_collection?.enabled ?? false },
    submit_type: params.submit_type ?? null,
    success_url: params.success_url ?? null,
    ...(params.tax_id_collection && {
      tax_id_collection: {
        enabled: params.tax_id_collection.enabled,
        required: params.tax_id_collection.required ?? "never",
      },
    }),
  };
}
