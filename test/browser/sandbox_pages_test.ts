import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import type { Page } from "playwright-core";
import type { Stripe } from "stripe";
import { type Subscribed, subscribed } from "../sandbox/plans.ts";
import {
  type Catalog,
  openCheckout,
  type Rig,
  seed,
  startRig,
  stopRigs,
  subscribe,
} from "../sandbox/rig.ts";
import { DESKTOP, realProblems } from "./billing_page_rig.ts";
import { describeInChromium } from "./describe_in_chromium.ts";
import { accessibilityProblems, openWatchedPage, type WatchedPage } from "./watched_page.ts";

/** The narrowest screen that a page must fit on by WCAG 2.2, 1.4.10. */
const NARROW = { width: 320, height: 640 };
const LEAST_TARGET_PX = 24;
const TRIAL = { subscription_data: { trial_period_days: 14 } };
const CHALLENGE = "4000 0025 0000 3155";

/** The site that Checkout and the Portal lead back to, which listens while the suite runs. */
const site = createServer((_request, response) => {
  response.setHeader("content-type", "text/html");
  response.end("<!doctype html><title>Site</title><link rel=icon href=data:,><h1>Thank you</h1>");
});

interface State {
  /** Brings a sandbox into the state and returns the page's address. */
  open: () => Promise<string>;
  /** What a visitor does there first. */
  act?: (page: Page) => Promise<void>;
  shows: readonly string[];
}

const STATES: Readonly<Record<string, State>> = {
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

async function checkout(params: Parameters<typeof openCheckout>[2] = {}): Promise<string> {
  const rig = await startRig();
  const { url } = await openCheckout(rig, await seed(rig), {
    success_url: siteUrl("/done"),
    cancel_url: siteUrl("/plans"),
    ...params,
  });
  return String(url);
}

async function portal(): Promise<string> {
  const found = await subscribed();
  return session(found.rig, found.catalog, choices(found));
}

async function invoice(): Promise<string> {
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
async function fillIn(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) {
    await page.locator(`input[name="${name}"]`).fill(value);
  }
  await page.getByRole("button", { name: /^(Pay|Save)/ }).click();
}

/** Presses Tab until what is named has the focus, and the focus can be seen. */
async function tabTo(page: Page, role: "button" | "link", name: string | RegExp): Promise<void> {
  const target = page.getByRole(role, { name });
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element.matches(":focus-visible"))) {
      return;
    }
  }
  throw new Error(`Cannot reach "${name}" by the keyboard`);
}

/** What is to be clicked or filled in and smaller than WCAG 2.2, 2.5.8, asks for. */
function smallTargets(page: Page): Promise<string[]> {
  return page.locator("a, button, input").evaluateAll(
    (targets, least) =>
      targets.flatMap((target) => {
        const { width, height } = target.getBoundingClientRect();
        return Math.min(width, height) < least ? target.outerHTML : [];
      }),
    LEAST_TARGET_PX,
  );
}

function siteUrl(path: string): string {
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}${path}`;
}

describeInChromium("The sandbox's pages", (browser) => {
  let watched: WatchedPage;
  let page: Page;

  async function openPage(options: Parameters<typeof openWatchedPage>[1] = {}): Promise<void> {
    watched = await openWatchedPage(browser(), {
      viewport: DESKTOP,
      colorScheme: "light",
      ...options,
    });
    ({ page } = watched);
  }

  before(async () => {
    await once(site.listen(0, "127.0.0.1"), "listening");
  });

  after(() => {
    site.close();
    site.closeAllConnections();
  });

  afterEach(async () => {
    await watched.close();
    await stopRigs();
  });

  for (const [name, { open, act, shows }] of Object.entries(STATES)) {
    it(`${name}: readable for everybody, wide and light, narrow and dark`, async () => {
      await openPage();
      await page.goto(await open());
      await act?.(page);
      await page
        .getByText(shows[0] ?? "")
        .first()
        .waitFor();
      const seen = (await page.locator("body").innerText()).replaceAll(/\s+/g, " ");
      for (const text of ["Sandbox — no real money", ...shows]) {
        expect(seen).to.include(text);
      }
      expect(await accessibilityProblems(page), "wide and light").to.deep.equal([]);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.setViewportSize(NARROW);
      expect(await accessibilityProblems(page), "narrow and dark").to.deep.equal([]);
      const width = await page.locator("html").evaluate((root) => root.scrollWidth);
      expect(width, "nothing is cut off at the side").to.be.at.most(NARROW.width);
      expect(await smallTargets(page), "everything is large enough to hit").to.deep.equal([]);
      expect(realProblems(watched)).to.deep.equal([]);
    });
  }

  it("take a payment with 3-D Secure by the keyboard alone", async () => {
    await openPage();
    await page.goto(await checkout());
    await tabTo(page, "link", new RegExp(CHALLENGE));
    await page.keyboard.press("Enter");
    await page.waitForURL(/\?card=/);
    expect(await page.getByLabel("Card number").inputValue()).to.equal(CHALLENGE);
    await tabTo(page, "button", /^Pay/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "3-D Secure" }).waitFor();
    await tabTo(page, "button", "Complete authentication");
    await page.keyboard.press("Enter");
    await page.waitForURL(siteUrl("/done"));
    expect(realProblems(watched)).to.deep.equal([]);
  });

  it("put the cursor where the first mistake is, which Enter sends anew", async () => {
    await openPage();
    await page.goto(await checkout());
    await fillIn(page, { expiry: "1 / 20" });
    const expiry = page.getByLabel("Expiry");
    await page.locator("#expiry:focus").waitFor();
    expect(await expiry.getAttribute("aria-invalid")).to.equal("true");
    await expiry.fill("12 / 34");
    await page.keyboard.press("Enter");
    await page.waitForURL(siteUrl("/done"));
  });

  it("work without JavaScript, from paying to changing the plan and leaving", async () => {
    await openPage({ javaScriptEnabled: false });
    await page.goto(await checkout());
    await page.getByRole("link", { name: /Is declined/ }).click();
    await page.getByRole("button", { name: /^Pay/ }).click();
    await page.getByRole("alert").getByText("Your card was declined").waitFor();
    await page.getByRole("link", { name: /^Succeeds 4242/ }).click();
    await page.getByRole("button", { name: /^Pay/ }).click();
    await page.waitForURL(siteUrl("/done"));

    const url = await portal();
    await page.goto(url);
    await page.getByRole("link", { name: "Update plan" }).click();
    await page.getByRole("link", { name: /Business/ }).click();
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("status").getByText("Your plan was updated.").waitFor();
    await page.getByRole("link", { name: "Return to the site" }).click();
    await page.waitForURL(siteUrl("/billing"));

    await page.goto(new URL("/", url).href);
    await page.getByRole("button", { name: "To the next renewal" }).click();
    await page.getByText("2026-02-28 10:00:00 UTC").waitFor();
    expect(realProblems(watched)).to.deep.equal([]);
  });

  it("print an invoice as a sandbox's, without what is for the screen", async () => {
    await openPage();
    await page.goto(await invoice());
    const hint = page.getByText("Print this page");
    expect(await hint.isVisible()).to.equal(true);
    await page.emulateMedia({ media: "print" });
    expect(await hint.isVisible()).to.equal(false);
    expect(await page.getByText("Sandbox — no real money").isVisible()).to.equal(true);
  });
});
