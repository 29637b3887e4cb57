import { Stripe } from "stripe";
import { MANAGED_BY } from "../../src/adapters/stripe/catalog/portal_settings.ts";
import type { BillingPayments } from "../../src/application/ports/billing_payments.ts";
import type { CustomerSnapshots } from "../../src/application/ports/subscription/customer_snapshots.ts";

/** A call that is only made after an answer which the mock never gives. */
export interface FurtherCall {
  /** That answer, by the method that gets it. */
  readonly staged: Readonly<Record<string, unknown>>;
  call(payments: AdaptedPayments): Promise<unknown>;
}

/** What the adapter makes of one client. */
export type AdaptedPayments = Omit<BillingPayments, "verifier" | "clock"> & {
  readonly snapshots: CustomerSnapshots;
};

const PRICE = { productId: "prod_1Model", amount: 2_900, currency: "eur", taxBehavior: null };

const SUBSCRIPTION = {
  object: "subscription",
  id: "sub_1Model",
  customer: "cus_1Model",
  status: "active",
  created: 1_790_000_000,
  billing_cycle_anchor: 1_790_000_000,
  cancel_at_period_end: false,
  discounts: [],
  items: listOf({
    object: "subscription_item",
    id: "si_1Model",
    price: {
      object: "price",
      id: "price_1Model",
      product: "prod_1Model",
      recurring: { interval: "month", interval_count: 1, usage_type: "licensed" },
    },
    current_period_start: 1_790_000_000,
    current_period_end: 1_792_592_000,
  }),
};
const INVOICE = {
  object: "invoice",
  id: "in_1Model",
  lines: listOf({
    object: "line_item",
    id: "il_1Model",
    pricing: { price_details: { price: "price_2Model" } },
  }),
};

/** The calls that follow from such answers. */
export const FURTHER_CALLS: Readonly<Record<string, FurtherCall>> = {
  "refundInvoice of a payment": {
    staged: {
      "invoicePayments.list": listOf({
        object: "invoice_payment",
        id: "inpay_1Model",
        payment: { type: "payment_intent", payment_intent: "pi_1Model" },
      }),
    },
    call: ({ gateway }) => gateway.refundInvoice("in_1Model", "key_6"),
  },
  "reversedPayments of a charge that was refunded and disputed": {
    staged: {
      "charges.list": listOf({
        object: "charge",
        id: "ch_1Model",
        payment_intent: "pi_1Model",
        amount_refunded: 100,
        disputed: true,
        refunds: { object: "list", data: [], has_more: true },
      }),
      "invoicePayments.list": listOf({
        object: "invoice_payment",
        id: "inpay_1Model",
        invoice: "in_1Model",
      }),
    },
    call: ({ gateway }) => gateway.reversedPayments("cus_1Model"),
  },
  "keptMoney of an invoice with a credit note": {
    staged: {
      "invoices.retrieve": {
        object: "invoice",
        id: "in_1Model",
        amount_paid: 900,
        currency: "eur",
        post_payment_credit_notes_amount: 400,
      },
    },
    call: ({ gateway }) => gateway.keptMoney("in_1Model"),
  },
  "expireCheckout of one that is closed": {
    staged: { "checkout.sessions.expire": refusal("checkout_session_closed") },
    call: ({ gateway }) => gateway.expireCheckout("cs_1Model"),
  },
  "snapshots of a subscription with more items than are embedded": {
    staged: {
      "GET /v1/subscriptions": listOf({
        ...SUBSCRIPTION,
        items: { ...SUBSCRIPTION.items, has_more: true },
      }),
    },
    call: ({ snapshots }) => snapshots.read("cus_1Model"),
  },
  "snapshots of a plan whose invoice is still to come": {
    staged: { "GET /v1/subscriptions": listOf(SUBSCRIPTION), "GET /v1/invoices": listOf() },
    call: ({ snapshots }) => snapshots.read("cus_1Model"),
  },
  "snapshots of an invoice with more positions than are embedded": {
    staged: {
      "GET /v1/subscriptions": listOf(SUBSCRIPTION),
      "GET /v1/invoices": listOf({ ...INVOICE, lines: { ...INVOICE.lines, has_more: true } }),
    },
    call: ({ snapshots }) => snapshots.read("cus_1Model"),
  },
  "snapshots of an invoice with a price that came with nothing": {
    staged: { "GET /v1/subscriptions": listOf(SUBSCRIPTION), "GET /v1/invoices": listOf(INVOICE) },
    call: ({ snapshots }) => snapshots.read("cus_1Model"),
  },
  "payments by a Checkout with more positions than are embedded": {
    staged: {
      "events.list": listOf(),
      "checkout.sessions.list": listOf({
        object: "checkout.session",
        id: "cs_1Model",
        created: 1_800_000_000,
        payment_intent: "pi_1Model",
        payment_status: "paid",
        line_items: { ...listOf(), has_more: true },
      }),
    },
    call: async ({ background }) => {
      const { records } = background(new AbortController().signal);
      for await (const _ of records.payments(new Date("2026-11-01"))) {
        // The Checkout is one of them.
      }
    },
  },
  "putProduct of one that is there": {
    staged: { "products.create": refusal("resource_already_exists") },
    call: ({ publisher }) =>
      publisher.putProduct({ productId: "prod_1Model", name: "Another", planSlug: "pro" }),
  },
  "createPrice that Stripe has answered before": {
    staged: {
      "prices.create": {
        object: "price",
        id: "price_1Model",
        lastResponse: { status: 200, headers: new Headers({ "idempotent-replayed": "true" }) },
      },
    },
    call: ({ publisher }) =>
      publisher.createPrice({ ...PRICE, interval: "year", lookupKey: "mailingcore_pro_year" }),
  },
  "putPortalConfiguration of one that differs": {
    staged: {
      "billingPortal.configurations.list": listOf({
        object: "billing_portal.configuration",
        id: "bpc_1Model",
        metadata: { managedBy: MANAGED_BY },
        features: {},
      }),
    },
    call: ({ publisher }) =>
      publisher.putPortalConfiguration({
        purpose: "home",
        returnUrl: "https://app.example.com/billing",
        offers: [{ productId: "prod_1Model", priceIds: ["price_1Model"] }],
      }),
  },
};

/** A list as Stripe answers it, with one page. */
export function listOf(...data: readonly object[]) {
  return { object: "list", url: "/v1/list", has_more: false, data };
}

function refusal(code: string): Error {
  const type = "invalid_request_error" as const;
  return new Stripe.errors.StripeInvalidRequestError({
    type,
    code,
    message: "a refusal",
    statusCode: 400,
  });
}
