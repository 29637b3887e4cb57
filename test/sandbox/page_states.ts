import type { Page } from "playwright-core";
import type { Stripe } from "stripe";
import { type Subscribed, subscribed } from "./plans.ts";
import { type Catalog, openCheckout, type Rig, seed, startRig, subscribe } from "./rig.ts";
import { siteUrl } from "./site.ts";

/** The number of the test card that asks for 3-D Secure, as it is shown. */
export const CHALLENGE = "4000 0025 0000 3155";
const TRIAL = { subscription_data: { trial_period_days: 14 } };

/** A page of the sandbox as a visitor finds it. */
export interface PageState {
  /** Brings a sandbox into the state and returns the page's address. */
  open: () => Promise<string>;
  /** What a visitor does there first. */
  act?: (page: Page) => Promise<void>;
  /** What is seen then. */
  shows: readonly string[];
}

/** Every page in every state that looks different. Needs the site. */
export const PAGE_STATES: Readonly<Record<string, PageState>> = {
  "start page, empty": {
    open: async () => (await startRig()).sandbox.url,
    shows: ["How to use it", "Nothing has happened yet."],
  },
  "start page, in use": {
    open: async () => {
      const { rig, catalog } = await subscribed();
      await openCheckout(rig, catalog);
      return rig.sandbox.url;
    },
    shows: ["2026-02-14 10:00:00 UTC", "Renews February 28, 2026", "checkout.session.completed"],
  },
  "Checkout of a plan": {
    open: () => checkout(),
    shows: ["Subscribe to Pro", "Total due today", "owner@example.com"],
  },
  "Checkout of a trial": {
    open: () => checkout(TRIAL),
    shows: ["14 days free", "Start trial"],
  },
  "Checkout of packs by somebody new": {
    open: async () => {
      const rig = await startRig();
      const { product } = await seed(rig);
      const price = await rig.stripe.prices.create({
        product: product.id,
        currency: "usd",
        unit_amount: 4900,
      });
      const { url } = await rig.stripe.checkout.sessions.create({
        mode: "payment",
        line_items: [{ price: price.id, quantity: 3 }],
        success_url: siteUrl("/done"),
      });
      return String(url);
    },
    shows: ["Buy Pro", "3 × Pro", "E-mail", "Pay $147.00"],
  },
  "Checkout with mistakes": {
    open: () => checkout(),
    act: (page) => fillIn(page, { card: "1234", expiry: "soon", cvc: "1" }),
    shows: ["This is not a test card", "Write it as MM / YY", "three or four digits"],
  },
  "Checkout declined": {
    open: () => checkout(),
    act: (page) => fillIn(page, { card: "4000000000000002" }),
    shows: ["Your card was declined"],
  },
  "3-D Secure": {
    open: () => checkout(),
    act: (page) => fillIn(page, { card: CHALLENGE }),
    shows: ["Your bank wants to know", "$49.00"],
  },
  "Checkout paid": {
    open: async () => {
      const rig = await startRig();
      const { id, url } = await openCheckout(rig, await seed(rig));
      await rig.control("POST", `/checkout/${id}/complete`, { card: "4242424242424242" });
      return String(url);
    },
    shows: ["Already paid"],
  },
  "Checkout expired": {
    open: async () => {
      const rig = await startRig();
      const { url } = await openCheckout(rig, await seed(rig));
      await rig.advance({ advanceDays: 2 });
      return String(url);
    },
    shows: ["This checkout has expired"],
  },
  "no such page": {
    open: async () => `${(await startRig()).sandbox.url}/nowhere`,
    shows: ["The sandbox has no such page."],
  },
  "Portal of a subscriber": {
    open: () => portal(),
    shows: ["Active", "Next payment on February 28, 2026", "Visa ending in 4242", "Paid"],
  },
  "Portal without a subscription": {
    open: async () => {
      const rig = await startRig();
      return session(rig, await seed(rig));
    },
    shows: ["You have no subscription.", "No card is saved.", "There are no invoices yet."],
  },
  "Portal on trial": {
    open: async () => {
      const rig = await startRig();
      const catalog = await seed(rig);
      const { id } = await openCheckout(rig, catalog, TRIAL);
      await rig.control("POST", `/checkout/${id}/complete`, { card: "4242424242424242" });
      return session(rig, catalog);
    },
    shows: ["On trial", "Free until February 14, 2026. Then $49.00 is due."],
  },
  "Portal after a failed payment": {
    open: async () => {
      const found = await subscribed("4000000000000341");
      await found.rig.advance({ to: "2026-02-28T12:00:00Z" });
      return session(found.rig, found.catalog, choices(found));
    },
    shows: ["Past due", "The last payment failed.", "Open"],
  },
  "Portal of a subscription that ends": {
    open: () => portal(),
    act: async (page) => {
      await page.getByRole("link", { name: "Cancel subscription" }).click();
      await page.getByRole("button", { name: "Cancel subscription" }).click();
    },
    shows: ["Your subscription will end.", "Ends soon", "Ends on February 28, 2026", "Renew"],
  },
  "Portal of a subscription that has ended": {
    open: async () => {
      const found = await subscribed();
      await found.rig.stripe.subscriptions.cancel(found.subscription.id);
      return session(found.rig, found.catalog, choices(found));
    },
    shows: ["Canceled", "Ended on February 14, 2026"],
  },
  "Portal with a change to come": {
    open: () => portal(),
    act: async (page) => {
      await page.getByRole("link", { name: "Update plan" }).click();
      await page.getByRole("link", { name: /Starter/ }).click();
      await page.getByRole("button", { name: "Confirm" }).click();
    },
    shows: ["Changes to Starter on February 28, 2026", "Keep the current plan"],
  },
  "plans to choose from": {
    open: () => portal(),
    act: (page) => page.getByRole("link", { name: "Update plan" }).click(),
    shows: ["Your plan", "Business", "$99.00 per month"],
  },
  "a change that is due now": {
    open: () => flow(({ business }) => business.id),
    shows: ["Remaining time on Business", "Amount due today: $25.00"],
  },
  "a change that is put off": {
    open: () => flow(({ starter }) => starter.id),
    shows: ["Your plan changes on February 28, 2026. Nothing is due today."],
  },
  "a flow that is done": {
    open: () => flow(({ business }) => business.id),
    act: (page) => page.getByRole("button", { name: "Confirm" }).click(),
    shows: ["Your plan was updated.", "Enjoy the new plan."],
  },
  "the question before an end": {
    open: () => portal(),
    act: (page) => page.getByRole("link", { name: "Cancel subscription" }).click(),
    shows: ["Cancel Pro?", "You can use it until February 28, 2026"],
  },
  "another card": {
    open: async () => `${await portal()}/card`,
    shows: ["Update your card", "Save card"],
  },
  "another card, declined": {
    open: async () => `${await portal()}/card`,
    act: (page) => fillIn(page, { card: "4000000000000002" }),
    shows: ["Your card was declined"],
  },
  "a Portal link that has expired": {
    open: async () => {
      const found = await subscribed();
      const url = await session(found.rig, found.catalog);
      await found.rig.advance({ advanceHours: 2 });
      return url;
    },
    shows: ["This link to the billing portal has expired."],
  },
  invoice: { open: invoice, shows: ["Billed to", "Tenant 01", "Amount due"] },
};

/** The address of an open Checkout of Pro, 49 dollars a month. */
export async function checkout(params: Parameters<typeof openCheckout>[2] = {}): Promise<string> {
  const rig = await startRig();
  const { url } = await openCheckout(rig, await seed(rig), {
    success_url: siteUrl("/done"),
    cancel_url: siteUrl("/plans"),
    ...params,
  });
  return String(url);
}

/** The address of the Portal of a subscriber to Pro who may change to Starter or Business. */
export async function portal(): Promise<string> {
  const found = await subscribed();
  return session(found.rig, found.catalog, choices(found));
}

/** The address of a paid invoice. */
export async function invoice(): Promise<string> {
  const rig = await startRig();
  const subscription = await subscribe(rig, await seed(rig));
  const { hosted_invoice_url: url } = await rig.stripe.invoices.retrieve(
    String(subscription.latest_invoice),
  );
  return String(url);
}

/** The Portal, opened to confirm a change to another price. */
async function flow(priceOf: (found: Subscribed) => string): Promise<string> {
  const found = await subscribed();
  const { subscription, item } = found;
  return session(found.rig, found.catalog, {
    ...choices(found),
    flow: {
      type: "subscription_update_confirm",
      subscription_update_confirm: {
        subscription: subscription.id,
        items: [{ id: item, price: priceOf(found), quantity: 1 }],
      },
      after_completion: {
        type: "hosted_confirmation",
        hosted_confirmation: { custom_message: "Enjoy the new plan." },
      },
    },
  });
}

/** What a Portal session can do besides canceling and changing the card. */
interface PortalOptions {
  prices?: readonly Stripe.Price[];
  flow?: Stripe.BillingPortal.SessionCreateParams.FlowData;
}

function choices({ catalog, starter, business }: Subscribed): PortalOptions {
  return { prices: [catalog.price, starter, business] };
}

async function session(
  { stripe }: Rig,
  { customer }: Catalog,
  { prices = [], flow }: PortalOptions = {},
): Promise<string> {
  await stripe.billingPortal.configurations.create({
    features: {
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true, mode: "at_period_end" },
      ...(prices.length > 0 && {
        subscription_update: {
          enabled: true,
          default_allowed_updates: ["price"],
          proration_behavior: "always_invoice",
          products: prices.map(({ id, product }) => ({ product: String(product), prices: [id] })),
          schedule_at_period_end: { conditions: [{ type: "decreasing_item_amount" }] },
        },
      }),
    },
  });
  const { url } = await stripe.billingPortal.sessions.create({
    customer: customer.id,
    return_url: siteUrl("/billing"),
    ...(flow && { flow_data: flow }),
  });
  return url;
}

/** Fills the card form in and sends it. */
export async function fillIn(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) {
    await page.locator(`input[name="${name}"]`).fill(value);
  }
  await page.getByRole("button", { name: /^(Pay|Save)/ }).click();
}
