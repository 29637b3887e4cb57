import { expect } from "chai";
import type { Stripe } from "stripe";
import { submit, type Visited, visit } from "./browser.ts";
import { payAllOnPages } from "./hosted_invoice.ts";
import {
  END,
  eventsOf,
  latestInvoice,
  PAID_AT_ONCE,
  type Subscribed,
  seconds,
  subscribed,
} from "./plans.ts";
import { refusal, stopRigs } from "./rig.ts";

async function offered(card?: string): Promise<Subscribed> {
  const found = await subscribed(card);
  const { catalog, starter, business, yearly } = found;
  await found.rig.stripe.billingPortal.configurations.create({
    features: {
      payment_method_update: { enabled: true },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ["price"],
        proration_behavior: "always_invoice",
        products: [
          { product: catalog.product.id, prices: [catalog.price.id, yearly.id] },
          { product: String(starter.product), prices: [starter.id] },
          { product: String(business.product), prices: [business.id] },
        ],
        schedule_at_period_end: {
          conditions: [{ type: "decreasing_item_amount" }, { type: "shortening_interval" }],
        },
      },
    },
  });
  return found;
}

function confirmFlow({ subscription, item }: Subscribed, price: string) {
  return {
    type: "subscription_update_confirm",
    subscription_update_confirm: {
      subscription: subscription.id,
      items: [{ id: item, price, quantity: 1 }],
    },
    after_completion: { type: "redirect", redirect: { return_url: "https://a.example/done" } },
  } satisfies Stripe.BillingPortal.SessionCreateParams.FlowData;
}

async function open(
  { rig, catalog }: Subscribed,
  flow?: Stripe.BillingPortal.SessionCreateParams.FlowData,
): Promise<string> {
  const { url } = await rig.stripe.billingPortal.sessions.create({
    customer: catalog.customer.id,
    ...(flow && { flow_data: flow }),
  });
  return url;
}

async function openAt(url: string): Promise<Visited> {
  const { location } = await visit(url);
  return visit(new URL(String(location), url).href);
}

async function confirm(found: Subscribed, price: Stripe.Price): Promise<Visited> {
  const url = await open(found, confirmFlow(found, price.id));
  return submit(url, await openAt(url));
}

describe("changing the plan in the sandbox's Portal", () => {
  afterEach(stopRigs);

  it("shows the prorations and what is due, changes nothing before it is confirmed", async () => {
    const found = await offered();
    const { rig, subscription, business } = found;
    const url = await open(found, confirmFlow(found, business.id));
    const page = await openAt(url);
    for (const shown of [
      "Now Pro $49.00 per month",
      "New plan Business $99.00 per month",
      "Unused time on Pro after 14 Feb 2026 -$24.50",
      "Remaining time on Business after 14 Feb 2026 $49.50",
      "Amount due today: $25.00",
    ]) {
      expect(page.text).to.contain(shown);
    }
    const before = await rig.stripe.subscriptions.retrieve(subscription.id);
    expect(before.items.data[0]?.price.unit_amount).to.equal(4900);
    const types = await eventsOf(rig, async () => {
      const done = await submit(url, page);
      expect(done.location).to.equal("https://a.example/done");
    });
    expect(types).to.deep.equal(["customer.subscription.updated", ...PAID_AT_ONCE]);
    expect(await latestInvoice(found)).to.include({ status: "paid", total: 2500 });
    expect((await submit(url, page)).status, "twice").to.equal(409);
  });

  it("shows the credit that a cheaper price at once leaves, and what it pays later", async () => {
    const found = await offered();
    const { rig, catalog, starter, business } = found;
    const { id } = await rig.stripe.billingPortal.configurations.create({
      features: {
        subscription_update: {
          enabled: true,
          default_allowed_updates: ["price"],
          proration_behavior: "always_invoice",
          products: [{ product: String(starter.product), prices: [starter.id] }],
        },
      },
    });
    const { url } = await rig.stripe.billingPortal.sessions.create({
      configuration: id,
      customer: catalog.customer.id,
      flow_data: confirmFlow(found, starter.id),
    });
    const cheaper = await openAt(url);
    expect(cheaper.text).to.contain("Kept as credit for later $15.00 Amount due today: $0.00");
    await submit(url, cheaper);
    const dearer = await openAt(await open(found, confirmFlow(found, business.id)));
    expect(dearer.text).to.contain("Paid from your credit -$15.00 Amount due today: $25.00");
  });

  it("puts a cheaper price off to the period's end, by a schedule", async () => {
    const found = await offered();
    const { rig, subscription, starter } = found;
    const url = await open(found, confirmFlow(found, starter.id));
    const page = await openAt(url);
    expect(page.text).to.contain("Your plan changes on February 28, 2026. Nothing is due today.");
    expect(await eventsOf(rig, () => submit(url, page))).to.deep.equal([
      "subscription_schedule.created",
      "customer.subscription.updated",
    ]);
    const waiting = await rig.stripe.subscriptions.retrieve(subscription.id, {
      expand: ["schedule"],
    });
    const schedule = waiting.schedule as Stripe.SubscriptionSchedule;
    expect(waiting.items.data[0]?.price.unit_amount).to.equal(4900);
    const phases = schedule.phases.map(({ start_date, items }) => [start_date, items[0]?.price]);
    expect(phases).to.deep.equal([
      [waiting.items.data[0]?.current_period_start, waiting.items.data[0]?.price.id],
      [seconds(END), starter.id],
    ]);
    const types = await eventsOf(rig, () => rig.advance({ to: END }));
    expect(types).to.deep.equal([
      "subscription_schedule.updated",
      "customer.subscription.updated",
      "invoice.created",
    ]);
    await rig.advance({ advanceHours: 1 });
    expect(await latestInvoice(found)).to.include({
      billing_reason: "subscription_cycle",
      total: 1900,
      status: "paid",
    });
    const later = await eventsOf(rig, () => rig.advance({ to: "2026-03-31T10:00:00Z" }));
    expect(later.slice(0, 2)).to.deep.equal([
      "subscription_schedule.expiring",
      "subscription_schedule.released",
    ]);
    expect((await rig.stripe.subscriptions.retrieve(subscription.id)).schedule).to.equal(null);
  });

  it("puts year to month off, and does month to year at once", async () => {
    const found = await offered();
    const { rig, subscription, yearly, catalog } = found;
    await rig.control("POST", "/assumptions", { intervalChange: "restarts_period" });
    await confirm(found, yearly);
    const year = await rig.stripe.subscriptions.retrieve(subscription.id);
    expect(year.items.data[0]?.price.id).to.equal(yearly.id);
    expect(await latestInvoice(found)).to.include({ total: 46_550, status: "paid" });
    await confirm(found, catalog.price);
    const waiting = await rig.stripe.subscriptions.retrieve(subscription.id);
    expect(waiting.items.data[0]?.price.id).to.equal(yearly.id);
    await rig.advance({ to: "2027-02-14T12:00:00Z" });
    const month = await rig.stripe.subscriptions.retrieve(subscription.id);
    expect(month.items.data[0]?.price.id).to.equal(catalog.price.id);
    expect(month.items.data[0]?.current_period_end).to.equal(seconds("2027-03-14T10:00:00Z"));
  });

  it("takes a change back that is to come, and refuses a second one before", async () => {
    const found = await offered();
    const { rig, subscription, starter, business } = found;
    await confirm(found, starter);
    const refused = await refusal(open(found, confirmFlow(found, business.id)));
    expect(refused.message).to.contain("scheduled update");
    const url = await open(found);
    const home = await visit(url);
    expect(home.text).to.contain("Changes to Starter on February 28, 2026");
    expect(home.links).to.not.have.property("Update plan");
    await submit(url, home);
    expect((await rig.stripe.subscriptions.retrieve(subscription.id)).schedule).to.equal(null);
    await rig.advance({ to: "2026-02-28T12:00:00Z" });
    expect(await latestInvoice(found)).to.include({ total: 4900 });
    expect((await confirm(found, business)).status).to.equal(303);
  });

  it("lets choose among the listed prices from the Portal's home", async () => {
    const found = await offered();
    const url = await open(found);
    const home = await visit(url);
    const list = await visit(new URL(home.links["Update plan"] ?? "", url).href);
    for (const shown of [
      "Pro $49.00 per month Your plan",
      "Choose Starter, $19.00 per month",
      "Choose Pro, $490.00 per year",
      "Choose Business",
    ]) {
      expect(list.text).to.contain(shown);
    }
    expect(list.text).to.not.contain("Choose Pro, $49.00 per month");
    const flow = await openAt(
      await open(found, {
        type: "subscription_update",
        subscription_update: { subscription: found.subscription.id },
      }),
    );
    expect(flow.text).to.equal(list.text);
  });

  it("refuses prices that are not listed or change nothing, and endings to come", async () => {
    const found = await offered();
    const { rig, catalog, subscription, business } = found;
    const other = await rig.stripe.prices.create({
      product: catalog.product.id,
      currency: "usd",
      unit_amount: 5900,
      recurring: { interval: "month" },
    });
    const unlisted = await refusal(open(found, confirmFlow(found, other.id)));
    expect(unlisted).to.include({ statusCode: 400 });
    expect(unlisted.param).to.contain("[price]");
    const same = await refusal(open(found, confirmFlow(found, catalog.price.id)));
    expect(same.message).to.contain("no changes");
    await rig.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    const ending = await refusal(open(found, confirmFlow(found, business.id)));
    expect(ending.message).to.contain("set to end");
  });

  it("applies a change whose payment fails: past due until a good card pays", async () => {
    const found = await offered("4000000000000341");
    const { rig, subscription, business } = found;
    await confirm(found, business);
    const owing = await rig.stripe.subscriptions.retrieve(subscription.id);
    expect(owing.status).to.equal("past_due");
    expect(owing.items.data[0]?.price.id).to.equal(business.id);
    const url = await open(found, { type: "payment_method_update" });
    await submit(url, await openAt(url), { card: "4242424242424242" });
    expect(await latestInvoice(found)).to.include({ status: "open", total: 2500 });
    await payAllOnPages(rig.stripe);
    expect(await latestInvoice(found)).to.include({ status: "paid", total: 2500 });
    expect(await rig.stripe.subscriptions.retrieve(subscription.id)).to.include({
      status: "active",
    });
  });
});
