import { customerDetails, newSessionAddress } from "../../engine/checkout/checkout.ts";
import { priceSession } from "../../engine/checkout/price_session.ts";
import { invalidRequest, referenceMissing } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import { createSetupIntent } from "../../engine/wallet/setup_intents.ts";
import type { CheckoutDetails } from "../../state/checkout_details.ts";
import type { WireCheckoutSession, WireLineItem } from "../../state/wire.ts";
import { mergeMetadata } from "../params.ts";
import { shippingOf } from "../wallet/addresses.ts";
import { blankCheckoutSession } from "./blank_checkout_session.ts";
import type { NewSessionParams } from "./checkout_params.ts";
import { buildLineItems } from "./line_items.ts";

const MINUTE_SECONDS = 60;
const DAY_SECONDS = 86_400;

/**
 * Opens a Checkout Session.
 * @throws {RequestError} where its customer, prices, discounts or expiry are not as Stripe wants
 * them
 */
export function openSession(tx: Transaction, params: NewSessionParams): WireCheckoutSession {
  checkCustomer(tx, params);
  const expiresAt = expiryOf(tx, params.expires_at);
  const lineItems = buildLineItems(tx, params);
  const session = buildSession(tx, { params, expiresAt, lineItems });
  tx.state.checkoutSessions.set(session.id, session);
  tx.state.checkoutDetails.set(session.id, detailsOf(params, lineItems));
  if (params.mode === "setup") {
    session.setup_intent = createSetupIntent(tx, {
      ...(params.customer !== undefined && { customer: params.customer }),
      description: params.setup_intent_data?.description ?? null,
      metadata: mergeMetadata({}, params.setup_intent_data?.metadata),
    }).id;
  }
  try {
    priceSession(tx, session);
  } catch (error) {
    tx.state.checkoutSessions.delete(session.id);
    tx.state.checkoutDetails.delete(session.id);
    throw error;
  }
  return session;
}

function detailsOf(params: NewSessionParams, lineItems: WireLineItem[]): CheckoutDetails {
  const data = params.subscription_data;
  const { enabled, invoice_data: invoice } = params.invoice_creation ?? { enabled: false };
  const payment = params.payment_intent_data;
  return {
    lineItems,
    subscriptionMetadata: mergeMetadata({}, data?.metadata),
    subscriptionDescription: data?.description ?? null,
    trialDays: data?.trial_period_days ?? null,
    trialEnd: data?.trial_end ?? null,
    anchor: data?.billing_cycle_anchor ?? null,
    prorationBehavior: data?.proration_behavior ?? "create_prorations",
    trialEndBehavior: data?.trial_settings?.end_behavior.missing_payment_method ?? "create_invoice",
    paymentMetadata: mergeMetadata({}, payment?.metadata),
    paymentDescription: payment?.description ?? null,
    paymentShipping: shippingOf(payment?.shipping),
    setupFutureUsage: payment?.setup_future_usage ?? null,
    discounts: params.discounts ?? [],
    invoice: enabled
      ? {
          metadata: mergeMetadata({}, invoice?.metadata),
          description: invoice?.description ?? null,
          footer: invoice?.footer ?? null,
        }
      : null,
    buyer: null,
    customerUpdate: {
      address: params.customer_update?.address === "auto",
      name: params.customer_update?.name === "auto",
    },
  };
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

interface SessionParts {
  params: NewSessionParams;
  expiresAt: number;
  lineItems: WireLineItem[];
}

function buildSession(tx: Transaction, parts: SessionParts): WireCheckoutSession {
  const { params, expiresAt, lineItems } = parts;
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
    after_expiration: recoveryOf(params),
    amount_subtotal: params.mode === "setup" ? null : 0,
    amount_total: params.mode === "setup" ? null : 0,
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
    consent_collection: consentOf(params),
    currency: lineItems[0]?.currency ?? params.currency ?? null,
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
    customer_creation: creationOf(params),
    discounts: (params.discounts ?? []).map(({ coupon, promotion_code: code }) => ({
      coupon: coupon ?? null,
      promotion_code: code ?? null,
    })),
    invoice_creation: invoiceCreationOf(params),
    payment_method_collection:
      params.mode === "payment" ? "if_required" : (params.payment_method_collection ?? "always"),
    payment_status: params.mode === "setup" ? "no_payment_required" : "unpaid",
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

function creationOf({ mode, customer, customer_creation: wanted }: NewSessionParams) {
  return mode === "payment" && customer === undefined ? (wanted ?? "if_required") : null;
}

function recoveryOf({
  after_expiration: after,
}: NewSessionParams): WireCheckoutSession["after_expiration"] {
  const { recovery } = after ?? {};
  return recovery === undefined
    ? null
    : {
        recovery: {
          allow_promotion_codes: recovery.allow_promotion_codes ?? false,
          enabled: recovery.enabled,
          expires_at: null,
          url: null,
        },
      };
}

function consentOf({
  consent_collection: sent,
}: NewSessionParams): WireCheckoutSession["consent_collection"] {
  return sent === undefined
    ? null
    : {
        payment_method_reuse_agreement: sent.payment_method_reuse_agreement ?? null,
        promotions: sent.promotions ?? null,
        terms_of_service: sent.terms_of_service ?? null,
      };
}

function invoiceCreationOf({
  mode,
  invoice_creation: sent,
}: NewSessionParams): WireCheckoutSession["invoice_creation"] {
  if (mode !== "payment") {
    return null;
  }
  const { description, footer, metadata } = sent?.invoice_data ?? {};
  return {
    enabled: sent?.enabled ?? false,
    invoice_data: {
      account_tax_ids: null,
      custom_fields: null,
      description: description ?? null,
      footer: footer ?? null,
      issuer: null,
      metadata: mergeMetadata({}, metadata),
      rendering_options: null,
    },
  };
}
