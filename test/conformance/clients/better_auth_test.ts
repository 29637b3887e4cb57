import { expect } from "chai";
import { Browser } from "../../e2e/browser.ts";
import { type Rig, startRig, stopRigs } from "../../sandbox/rig.ts";
import { type Shop, type StoredSubscription, startShop } from "./better_auth_shop.ts";
import { describeClient, installNpm } from "./install_client.ts";

const installed = await installNpm("better_auth/package.json", ["better_auth/shop.js"]);
const SECRET = "whsec_of_the_shop";
const PERSON = { name: "Jenny", password: "a long password" };
const DAY_MS = 86_400_000;

/** The whole loop, in twelve steps that build on each other. */
describeClient("better-auth's Stripe plugin (@better-auth/stripe 1.7.6)", installed, (folder) => {
  let rig: Rig;
  let shop: Shop;
  let session: string;
  let customer: string;

  before(async () => {
    rig = await startRig({ now: Date.now });
    const product = await rig.stripe.products.create({ name: "Plans" });
    const price = async (unit_amount: number) => {
      const recurring = { interval: "month" as const };
      const common = { product: product.id, currency: "usd" };
      return (await rig.stripe.prices.create({ ...common, unit_amount, recurring })).id;
    };
    const plans = [
      { name: "starter", priceId: await price(900) },
      { name: "pro", priceId: await price(2_900) },
      { name: "tried", priceId: await price(1_900), freeTrial: { days: 7 } },
    ];
    await rig.stripe.billingPortal.configurations.create({
      features: {
        subscription_cancel: { enabled: true, mode: "at_period_end" },
        subscription_update: {
          enabled: true,
          default_allowed_updates: ["price"],
          proration_behavior: "always_invoice",
          products: [{ product: product.id, prices: plans.map(({ priceId }) => priceId) }],
        },
      },
    });
    shop = await startShop(folder, { sandboxUrl: rig.sandbox.url, secret: SECRET, plans });
    rig.sandbox.addWebhookEndpoint({ url: `${shop.url}/api/auth/stripe/webhook`, secret: SECRET });
  });
  after(async () => {
    await shop.stop();
    await stopRigs();
  });

  /** Calls the shop, which has to answer well. */
  async function call(path: string, body: object): Promise<Readonly<Record<string, unknown>>> {
    const answer = await shop.call(path, body, session);
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    return answer.body;
  }

  /** What the shop has stored of the only subscription of this customer, once all is delivered. */
  async function stored(): Promise<StoredSubscription> {
    await rig.sandbox.settled();
    const all = await shop.subscriptions();
    const [mine, ...others] = all.filter((one) => one.stripeCustomerId === customer);
    expect(others).to.deep.equal([]);
    return mine ?? expect.fail("The shop has stored no subscription");
  }

  async function signUp(email: string): Promise<void> {
    const answer = await shop.call("/sign-up/email", { ...PERSON, email });
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    ({ session } = answer);
    const { data } = await rig.stripe.customers.list({ email });
    expect(data).to.have.length(1);
    customer = String(data[0]?.id);
  }

  async function pay(url: unknown): Promise<void> {
    const id = /cs_test_\w+/.exec(String(url))?.[0];
    const { status, body } = await rig.control("POST", `/checkout/${id}/complete`, {
      card: "4242424242424242",
    });
    expect(status, JSON.stringify(body)).to.equal(200);
  }

  /** Opens a page of the Portal and presses the button that confirms. */
  async function confirm(url: unknown, button: string): Promise<void> {
    const browser = new Browser();
    await browser.open(String(url));
    await browser.press(button);
    expect(browser.status, browser.text).to.be.below(400);
  }

  it("1. signing up makes a customer with the plugin's metadata", async () => {
    await signUp("jenny@example.com");
    const { metadata } = (await rig.stripe.customers.retrieve(customer)) as unknown as {
      metadata: Record<string, string>;
    };
    expect(metadata).to.include({ customerType: "user" }).and.to.have.property("userId");
  });

  it("2. choosing a plan opens a Checkout", async () => {
    const { url } = await call("/subscription/upgrade", { plan: "pro", disableRedirect: true });
    expect(url).to.match(/\/c\/pay\/cs_test_/);
    await pay(url);
  });

  it("3. the webhook of the paid Checkout makes the subscription active", async () => {
    expect(await stored()).to.include({ plan: "pro", status: "active" });
  });

  it("4. an upgrade by the Portal's subscription_update_confirm changes the plan", async () => {
    await call("/subscription/upgrade", { plan: "starter", disableRedirect: true }).then(
      ({ url }) => confirm(url, "Confirm"),
    );
    expect(await stored()).to.include({ plan: "starter", status: "active" });
    const { url } = await call("/subscription/upgrade", { plan: "pro", disableRedirect: true });
    await confirm(url, "Confirm");
    expect(await stored()).to.include({ plan: "pro" });
  });

  it("5. a change at the end of the period is a schedule", async () => {
    const scheduled = { plan: "starter", scheduleAtPeriodEnd: true, disableRedirect: true };
    await call("/subscription/upgrade", scheduled);
    const { stripeScheduleId, plan } = await stored();
    expect(stripeScheduleId).to.match(/^sub_sched_/);
    expect(plan).to.equal("pro");
  });

  it("6. restoring releases the schedule", async () => {
    await call("/subscription/restore", {});
    expect((await stored()).stripeScheduleId).to.equal(null);
  });

  it("7. a scheduled change comes into force with the next period", async () => {
    const scheduled = { plan: "starter", scheduleAtPeriodEnd: true, disableRedirect: true };
    await call("/subscription/upgrade", scheduled);
    const { periodEnd } = await stored();
    await rig.advance({ to: new Date(Date.parse(String(periodEnd)) + DAY_MS).toISOString() });
    expect(await stored()).to.include({ plan: "starter", status: "active" });
  });

  it("8. a renewal moves the period", async () => {
    const before = await stored();
    await rig.advance({ advanceDays: 31 });
    const after = await stored();
    expect(Date.parse(String(after.periodEnd))).to.be.above(Date.parse(String(before.periodEnd)));
    expect(after).to.include({ plan: "starter", status: "active" });
  });

  it("9. a cancellation by the Portal's subscription_cancel ends it with the period", async () => {
    const { url } = await call("/subscription/cancel", { returnUrl: "/account" });
    await confirm(url, "Cancel subscription");
    const { status, cancelAtPeriodEnd, cancelAt } = await stored();
    expect(status).to.equal("active");
    expect(cancelAtPeriodEnd || cancelAt).to.be.ok;
  });

  it("10. restoring takes the cancellation back", async () => {
    await call("/subscription/restore", {});
    expect(await stored()).to.include({
      status: "active",
      cancelAtPeriodEnd: false,
      cancelAt: null,
    });
    const { data } = await rig.stripe.subscriptions.list({ customer });
    expect(data[0]).to.include({ cancel_at_period_end: false, cancel_at: null });
  });

  it("11. a cancelled subscription is over after its period", async () => {
    const { url } = await call("/subscription/cancel", { returnUrl: "/account" });
    await confirm(url, "Cancel subscription");
    await rig.advance({ advanceDays: 32 });
    const { status, endedAt } = await stored();
    expect(status).to.equal("canceled");
    expect(endedAt).to.be.a("string");
  });

  it("12. a trial is one, and becomes a paid subscription when it ends", async () => {
    await signUp("kim@example.com");
    const { url } = await call("/subscription/upgrade", { plan: "tried", disableRedirect: true });
    await pay(url);
    const { status, trialEnd } = await stored();
    expect(status).to.equal("trialing");
    expect(trialEnd).to.be.a("string");
    await rig.advance({ advanceDays: 8 });
    expect((await stored()).status).to.equal("active");
  });
});
