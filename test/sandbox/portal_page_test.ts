import { expect } from "chai";
import type { Stripe } from "stripe";
import { submit, type Visited, visit } from "./browser.ts";
import { payAllOnPages } from "./hosted_invoice.ts";
import { type Catalog, type Rig, START, seed, startRig, stopRigs, subscribe } from "./rig.ts";

interface Opened {
  rig: Rig;
  catalog: Catalog;
  subscription: Stripe.Subscription;
  url: string;
}

type Flow = Stripe.BillingPortal.SessionCreateParams.FlowData;

async function openPortal(
  flowOf: (subscription: string) => Flow | undefined = () => undefined,
  mode: "at_period_end" | "immediately" = "at_period_end",
): Promise<Opened> {
  const rig = await startRig();
  const catalog = await seed(rig);
  const subscription = await subscribe(rig, catalog);
  await rig.stripe.billingPortal.configurations.create({
    features: {
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true, mode },
    },
  });
  const flow = flowOf(subscription.id);
  const { url } = await rig.stripe.billingPortal.sessions.create({
    customer: catalog.customer.id,
    return_url: "https://app.example.com/billing",
    ...(flow && { flow_data: flow }),
  });
  await rig.sandbox.settled();
  rig.receiver.received.length = 0;
  return { rig, catalog, subscription, url };
}

async function current({ rig, subscription }: Opened): Promise<Stripe.Subscription> {
  return rig.stripe.subscriptions.retrieve(subscription.id);
}

function follow(base: string, page: Visited): Promise<Visited> {
  return visit(new URL(String(page.location), base).href);
}

describe("the sandbox's Portal pages", () => {
  afterEach(stopRigs);

  it("show plan, price, next date, status, card and invoices", async () => {
    const { url } = await openPortal();
    const page = await visit(url);
    for (const shown of [
      "Sandbox — no real money",
      "Pro",
      "$49.00 per month",
      "Active",
      "Next payment on February 28, 2026: $49.00",
      "Visa ending in 4242",
      "Paid",
    ]) {
      expect(page.text).to.contain(shown);
    }
    expect(page.links["Return to the site"]).to.equal("https://app.example.com/billing");
  });

  it("say in words what a failed payment means, and what was done about it", async () => {
    const opened = await openPortal();
    const { rig, url } = opened;
    await submit(url, await visit(`${url}/card`), { card: "4000000000000341" });
    await rig.advance({ to: "2026-02-28T12:00:00Z" });
    const { url: later } = await rig.stripe.billingPortal.sessions.create({
      customer: opened.catalog.customer.id,
    });
    expect((await visit(later)).text)
      .to.contain("Past due")
      .and.to.contain("payment failed");
    const saved = await submit(later, await visit(`${later}/card?card=4242424242424242`));
    const home = await follow(later, saved);
    expect(home.text).to.contain("Your card was saved.").and.to.contain("payment failed");
    await payAllOnPages(rig.stripe);
    const healed = await visit(`${later}/home`);
    expect(healed.text).to.contain("Active").and.to.not.contain("payment failed");
    expect((await visit(`${later}/home?done=constructor`)).markup).to.not.contain('role="status"');
  });

  it("cancel at the period's end after asking, as flexible billing does", async () => {
    const opened = await openPortal();
    const { rig, url, subscription } = opened;
    const home = await visit(url);
    const confirm = await visit(new URL(home.links["Cancel subscription"] ?? "", url).href);
    expect(confirm.text).to.contain("February 28, 2026");
    expect((await current(opened)).cancel_at).to.equal(null);
    const done = await submit(url, confirm);
    expect(done.status).to.equal(303);
    expect(await current(opened)).to.include({
      cancel_at: subscription.items.data[0]?.current_period_end,
      cancel_at_period_end: false,
      canceled_at: Date.parse(START) / 1000,
      status: "active",
    });
    const ending = await follow(url, done);
    expect(ending.text).to.contain("Your subscription will end.");
    expect(ending.text).to.contain("Ends soon").and.to.contain("Ends on February 28, 2026");
    await rig.sandbox.settled();
    expect(rig.receiver.types()).to.deep.equal(["customer.subscription.updated"]);
    expect(rig.receiver.received[0]?.event.data.previous_attributes).to.deep.equal({
      cancel_at: null,
      canceled_at: null,
      cancellation_details: { reason: null },
    });
    const twice = await submit(url, confirm);
    expect(twice.status).to.equal(409);
  });

  it("renew while a cancellation is scheduled, and only then", async () => {
    const opened = await openPortal();
    const { rig, url, subscription } = opened;
    await rig.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    const home = await visit(url);
    expect(home.forms[0]?.buttons.map(({ text }) => text)).to.deep.equal(["Renew"]);
    expect((await submit(url, home)).status).to.equal(303);
    expect(await current(opened)).to.include({ cancel_at: null, cancel_at_period_end: false });
    expect((await submit(url, home)).status).to.equal(409);
  });

  it("end at once where the configuration says so", async () => {
    const opened = await openPortal(undefined, "immediately");
    const home = await visit(opened.url);
    const link = new URL(home.links["Cancel subscription"] ?? "", opened.url).href;
    await submit(opened.url, await visit(link));
    expect((await current(opened)).status).to.equal("canceled");
    expect((await visit(opened.url)).text).to.contain("Ended on January 31, 2026");
  });

  it("save another card for the subscription, by 3-D Secure too", async () => {
    const opened = await openPortal();
    const { rig, url, catalog } = opened;
    const form = await visit(`${url}/card`);
    expect((await submit(url, form, { card: "4000000000000002" })).status).to.equal(402);
    expect((await submit(url, form, { card: "123" })).status).to.equal(400);
    const asked = await submit(url, form, { card: "4000002500003155" });
    const failed = await submit(url, await follow(url, asked), { outcome: "fail" });
    expect(failed.status).to.equal(402);
    const again = await submit(url, failed, { card: "4000002500003155" });
    const saved = await submit(url, await follow(url, again), { outcome: "complete" });
    expect((await follow(url, saved)).text).to.contain("Visa ending in 3155");
    const customer = await rig.stripe.customers.retrieve(catalog.customer.id, {
      expand: ["invoice_settings.default_payment_method"],
    });
    const method = (customer as Stripe.Customer).invoice_settings.default_payment_method;
    expect((method as Stripe.PaymentMethod).card?.last4).to.equal("3155");
    expect((await current(opened)).default_payment_method).to.equal(
      (method as Stripe.PaymentMethod).id,
    );
    await rig.sandbox.settled();
    expect(rig.receiver.types()).to.deep.equal([
      "payment_method.attached",
      "customer.updated",
      "customer.subscription.updated",
    ]);
  });

  it("open the cancel flow directly and redirect when it is done", async () => {
    const { url } = await openPortal((subscription) => ({
      type: "subscription_cancel",
      subscription_cancel: { subscription },
      after_completion: { type: "redirect", redirect: { return_url: "https://a.example/done" } },
    }));
    const confirm = await follow(url, await visit(url));
    expect(confirm.text).to.contain("Cancel Pro?");
    expect(confirm.headers.get("content-security-policy")).to.contain("https://a.example");
    expect((await submit(url, confirm)).location).to.equal("https://a.example/done");
  });

  it("open the card flow directly and confirm when it is done", async () => {
    const { url } = await openPortal(() => ({
      type: "payment_method_update",
      after_completion: {
        type: "hosted_confirmation",
        hosted_confirmation: { custom_message: "Thank you <3" },
      },
    }));
    const form = await follow(url, await visit(url));
    const done = await submit(url, form);
    expect(done.status).to.equal(200);
    expect(done.text).to.contain("Your card was saved.").and.to.contain("Thank you <3");
  });

  it("print invoices with number, line and total, and no VAT line without VAT", async () => {
    const { rig, url } = await openPortal();
    const home = await visit(url);
    const { data } = await rig.stripe.invoices.list();
    const link = home.links[String(data[0]?.number)];
    const page = await visit(new URL(link ?? "", url).href);
    expect(page.text).to.contain(`Invoice ${data[0]?.number}`);
    expect(page.text).to.contain("1 × Pro (at $49.00 / month)");
    expect(page.text).to.contain("$49.00");
    expect(page.text).to.not.contain("VAT");
    expect(data[0]?.hosted_invoice_url).to.equal(new URL(link ?? "", url).href);
    expect((await visit(`${rig.sandbox.url}/i/in_none`)).status).to.equal(404);
  });

  it("belong to one customer and one hour", async () => {
    const { rig, url, catalog } = await openPortal();
    const customer = await rig.stripe.customers.create({ name: "Other" });
    const other = await subscribe(rig, { ...catalog, customer });
    const foreign = await visit(`${url}/subscriptions/${other.id}/cancel`);
    expect(foreign.status).to.equal(404);
    const post = await visit(`${url}/subscriptions/${other.id}/cancel`, { method: "POST" });
    expect(post.status).to.equal(404);
    expect((await rig.stripe.subscriptions.retrieve(other.id)).cancel_at).to.equal(null);
    expect((await visit(`${rig.sandbox.url}/p/session/bps_none`)).status).to.equal(404);
    await rig.advance({ advanceHours: 2 });
    expect((await visit(url)).status).to.equal(410);
  });
});
