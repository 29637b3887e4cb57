import type { Stripe } from "stripe";
import type { PageState } from "./page_states.ts";
import { openCheckout, seed, startRig, subscribe } from "./rig.ts";
import { siteUrl } from "./site.ts";
import { latestOf, payWith, type Subscriber, subscriber } from "./subscriptions/subscriber.ts";

/** The pages on which an order or billing details are changed. Needs the site. */
export const ORDER_PAGE_STATES: Readonly<Record<string, PageState>> = {
  "Checkout of several items with a code, an address and a tax id": {
    open: order,
    act: async (page) => {
      await page.getByLabel("Promotion code").fill("SPRING");
      await page.getByRole("button", { name: "Apply code" }).click();
      await page.getByLabel("Country").fill("DE");
      await page.getByRole("button", { name: "Update billing details" }).click();
    },
    shows: ["SPRING", "Discount", "VAT", "Remove code", "3 × Seats", "terms of service"],
  },
  "Checkout with a code that is none": {
    open: order,
    act: async (page) => {
      await page.getByLabel("Promotion code").fill("AUTUMN");
      await page.getByRole("button", { name: "Apply code" }).click();
    },
    shows: ["This code is invalid."],
  },
  "invoice of a business": {
    open: invoiceOfBusiness,
    shows: ["Acme GmbH", "Am Ufer 1", "10115 Berlin", "Germany", "DE VAT DE123456789"],
  },
  "Checkout that saves a card": {
    open: async () => {
      const { stripe } = await startRig();
      const { url } = await stripe.checkout.sessions.create({
        mode: "setup",
        currency: "usd",
        success_url: siteUrl("/done"),
      });
      return String(url);
    },
    shows: ["Save a payment method", "Nothing is charged now"],
  },
  "Checkout that needs no card": {
    open: async () => {
      const rig = await startRig();
      const { url } = await openCheckout(rig, await seed(rig), {
        payment_method_collection: "if_required",
        subscription_data: { trial_period_days: 14 },
        success_url: siteUrl("/done"),
      });
      return String(url);
    },
    shows: ["14 days free", "Start trial"],
  },
  "Checkout of what is billed by use": {
    open: async () => {
      const s = await subscriber();
      const { url } = await s.stripe.checkout.sessions.create({
        mode: "subscription",
        customer: s.owner,
        line_items: [{ price: s.metered.id }],
        success_url: siteUrl("/done"),
      });
      return String(url);
    },
    shows: ["$0.01 each", "By use billed per month", "Total due today $0.00"],
  },
  "an invoice that is open": {
    open: async () => {
      const { s, made } = await owing();
      return String((await latestOf(s, made)).hosted_invoice_url);
    },
    shows: ["Pay this invoice", "Open", "Pay $64.00"],
  },
  "an invoice that is open, declined": {
    open: async () => {
      const { s, made } = await owing();
      return String((await latestOf(s, made)).hosted_invoice_url);
    },
    act: async (page) => {
      await page.getByLabel("Card number").fill("4000000000000002");
      await page.getByRole("button", { name: /^Pay/ }).click();
    },
    shows: ["Your card was declined"],
  },
  "Portal of several items, past due": {
    open: async () => {
      const { s } = await owing();
      await s.stripe.billingPortal.configurations.create({ features: FEATURES });
      const return_url = siteUrl("/billing");
      return (await s.stripe.billingPortal.sessions.create({ customer: s.owner, return_url })).url;
    },
    shows: [
      "Past due",
      "Pay $64.00 now, or update your card before March 3, 2026.",
      "and what you use of Pro: $0.01 each",
    ],
  },
  "Portal of a subscription that is paused": {
    open: async () => {
      const s = await subscriber();
      const made = await s.stripe.subscriptions.create({
        customer: s.owner,
        items: [{ price: s.price.id }],
      });
      await s.stripe.subscriptions.pause(made.id);
      await s.stripe.billingPortal.configurations.create({ features: FEATURES });
      return (await s.stripe.billingPortal.sessions.create({ customer: s.owner })).url;
    },
    shows: ["Paused", "Nothing is charged while the subscription is paused. Cancel subscription"],
  },
  "Portal with billing details": {
    open: details,
    shows: ["Billing details", "Update details"],
  },
  "billing details": {
    open: async () => `${await details()}/details`,
    shows: ["Country", "Kind of tax ID", "Save"],
  },
  "billing details with a tax id that is none": {
    open: async () => `${await details()}/details`,
    act: async (page) => {
      await page.getByLabel("Country").fill("DE");
      await page.getByLabel(/^Tax ID/).fill("DE1");
      await page.getByRole("button", { name: "Save" }).click();
    },
    shows: ["This is not a valid EU VAT number"],
  },
  "the question why somebody cancels": {
    open: details,
    act: (page) => page.getByRole("link", { name: "Cancel subscription" }).click(),
    shows: ["Why are you canceling?", "It is too expensive"],
  },
};

/** A subscriber to several things whose card was declined at the renewal. */
async function owing(): Promise<{ s: Subscriber; made: Stripe.Subscription }> {
  const s = await subscriber();
  const seat = await s.stripe.prices.create({
    product: s.product.id,
    currency: "usd",
    unit_amount: 500,
    recurring: { interval: "month" },
  });
  const made = await s.stripe.subscriptions.create({
    customer: s.owner,
    items: [{ price: s.price.id }, { price: seat.id, quantity: 3 }, { price: s.metered.id }],
  });
  await payWith(s, "pm_card_chargeCustomerFail");
  await s.rig.advance({ to: "2026-02-28T12:00:00Z" });
  return { s, made };
}

async function order(): Promise<string> {
  const rig = await startRig();
  const { stripe } = rig;
  const { price, customer } = await seed(rig);
  const seats = await stripe.products.create({ name: "Seats" });
  const seat = await stripe.prices.create({
    product: seats.id,
    currency: "usd",
    unit_amount: 500,
    recurring: { interval: "month" },
  });
  const { id: coupon } = await stripe.coupons.create({ percent_off: 20, duration: "once" });
  await stripe.promotionCodes.create({ promotion: { type: "coupon", coupon }, code: "SPRING" });
  const { url } = await openCheckout(
    rig,
    { customer, price },
    {
      line_items: [
        { price: price.id, quantity: 1 },
        { price: seat.id, quantity: 3, adjustable_quantity: { enabled: true, minimum: 1 } },
      ],
      allow_promotion_codes: true,
      automatic_tax: { enabled: true },
      tax_id_collection: { enabled: true },
      customer_update: { address: "auto", name: "auto" },
      consent_collection: { terms_of_service: "required" },
      success_url: siteUrl("/done"),
      cancel_url: siteUrl("/plans"),
    },
  );
  return String(url);
}

const FEATURES: Stripe.BillingPortal.ConfigurationCreateParams.Features = {
  customer_update: {
    enabled: true,
    allowed_updates: ["address", "email", "name", "phone", "tax_id"],
  },
  invoice_history: { enabled: true },
  payment_method_update: { enabled: true },
  subscription_cancel: {
    enabled: true,
    mode: "at_period_end",
    cancellation_reason: { enabled: true, options: ["too_expensive", "unused", "other"] },
  },
};

async function details(): Promise<string> {
  const rig = await startRig();
  const { stripe } = rig;
  const catalog = await seed(rig);
  await subscribe(rig, catalog);
  const customer = catalog.customer.id;
  await introduce(stripe, customer);
  await stripe.billingPortal.configurations.create({ features: FEATURES });
  const return_url = siteUrl("/billing");
  return (await stripe.billingPortal.sessions.create({ customer, return_url })).url;
}

async function invoiceOfBusiness(): Promise<string> {
  const rig = await startRig();
  const catalog = await seed(rig);
  await introduce(rig.stripe, catalog.customer.id);
  const { latest_invoice: id } = await subscribe(rig, catalog);
  return String((await rig.stripe.invoices.retrieve(String(id))).hosted_invoice_url);
}

/** Gives a customer what invoices say of a business in Germany. */
async function introduce(stripe: Stripe, customer: string): Promise<void> {
  await stripe.customers.update(customer, {
    name: "Acme GmbH",
    address: { line1: "Am Ufer 1", postal_code: "10115", city: "Berlin", country: "DE" },
  });
  await stripe.customers.createTaxId(customer, { type: "eu_vat", value: "DE123456789" });
}
