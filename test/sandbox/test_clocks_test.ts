import { expect } from "chai";
import type { Stripe } from "stripe";
import { eventsOf, seconds } from "./plans.ts";
import { openCheckout, type Rig, refusal, seed, startRig, stopRigs } from "./rig.ts";

const FROZEN = seconds("2026-01-31T10:00:00Z");
const MONTH_LATER = seconds("2026-02-28T12:00:00Z");

// docs.stripe.com/billing/testing/test-clocks and .../api-advanced-usage; stripe-node TestClock.
describe("sandbox test clocks", () => {
  afterEach(stopRigs);

  it("are made, shown, listed and deleted, with an event for each", async () => {
    const rig = await startRig();
    const { stripe } = rig;
    let clock: Stripe.TestHelpers.TestClock | undefined;
    const made = await eventsOf(rig, async () => {
      clock = await stripe.testHelpers.testClocks.create({ frozen_time: FROZEN, name: "Renewal" });
    });
    expect(made).to.deep.equal(["test_helpers.test_clock.created"]);
    expect(clock).to.deep.include({ frozen_time: FROZEN, name: "Renewal", status: "ready" });
    expect(clock?.deletes_after).to.equal(seconds("2026-03-02T10:00:00Z"));
    const id = String(clock?.id);
    expect((await stripe.testHelpers.testClocks.list()).data.map((one) => one.id)).to.deep.equal([
      id,
    ]);
    const customer = await stripe.customers.create({ test_clock: id });
    const deleted = await eventsOf(rig, () => stripe.testHelpers.testClocks.del(id));
    expect(deleted).to.deep.equal(["customer.deleted", "test_helpers.test_clock.deleted"]);
    expect(await stripe.customers.retrieve(customer.id)).to.include({ deleted: true });
    const gone = await refusal(stripe.testHelpers.testClocks.retrieve(id));
    expect(gone.code).to.equal("resource_missing");
  });

  it("move their own customers only, and say when they have arrived", async () => {
    const { rig, clock, subscription } = await onClock();
    const { stripe } = rig;
    const { customer, price } = await seed(rig);
    const other = await bought(rig, { customer, price });
    const happened = await eventsOf(rig, async () => {
      const advancing = await stripe.testHelpers.testClocks.advance(clock.id, {
        frozen_time: MONTH_LATER,
      });
      expect(advancing).to.deep.include({
        status: "advancing",
        status_details: { advancing: { target_frozen_time: MONTH_LATER } },
      });
    });
    expect(happened[0]).to.equal("test_helpers.test_clock.advancing");
    expect(happened).to.include.members(["customer.subscription.updated", "invoice.paid"]);
    expect(happened.at(-1)).to.equal("test_helpers.test_clock.ready");
    const ready = await stripe.testHelpers.testClocks.retrieve(clock.id);
    expect(ready).to.deep.include({ status: "ready", frozen_time: MONTH_LATER });
    const renewed = await stripe.subscriptions.retrieve(subscription.id);
    expect(renewed.items.data[0]?.current_period_start).to.equal(seconds("2026-02-28T10:00:00Z"));
    const still = await stripe.subscriptions.retrieve(other.id);
    expect(still.items.data[0]?.current_period_start).to.equal(FROZEN);
  });

  it("are not moved by the sandbox's own clock", async () => {
    const { rig, subscription } = await onClock();
    await rig.advance({ advanceDays: 29 });
    const still = await rig.stripe.subscriptions.retrieve(subscription.id);
    expect(still.items.data[0]?.current_period_start).to.equal(FROZEN);
    await rig.advance({ advanceDays: 2 });
    const clocks = await rig.stripe.testHelpers.testClocks.list();
    expect(clocks.data, "they are deleted after 30 days").to.deep.equal([]);
    expect((await rig.stripe.subscriptions.retrieve(subscription.id)).status).to.equal("canceled");
  });

  it("give their time to what is made for their customers", async () => {
    const rig = await startRig();
    const { stripe } = rig;
    const frozen_time = seconds("2027-05-01T00:00:00Z");
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time });
    const customer = await stripe.customers.create({ test_clock: clock.id });
    const { price } = await seed(rig);
    const session = await openCheckout(rig, { customer, price });
    expect([customer.created, session.created]).to.deep.equal([frozen_time, frozen_time]);
    await rig.control("POST", `/checkout/${session.id}/complete`, { card: "4242424242424242" });
    const [subscription] = (await stripe.subscriptions.list({ customer: customer.id })).data;
    expect(subscription).to.include({ created: frozen_time, test_clock: clock.id });
    const invoice = await stripe.invoices.retrieve(String(subscription?.latest_invoice), {
      expand: ["test_clock"],
    });
    expect(invoice.created).to.equal(frozen_time);
    expect(invoice.test_clock).to.include({ id: clock.id, object: "test_helpers.test_clock" });
  });

  it("stay out of lists that name neither a customer nor a clock", async () => {
    const { rig, clock, subscription } = await onClock();
    const { stripe } = rig;
    const customer = String(subscription.customer);
    expect((await stripe.customers.list()).data).to.have.length(1);
    expect((await stripe.customers.list({ test_clock: clock.id })).data[0]?.id).to.equal(customer);
    expect((await stripe.subscriptions.list()).data).to.deep.equal([]);
    expect((await stripe.subscriptions.list({ test_clock: clock.id })).data).to.have.length(1);
    expect((await stripe.subscriptions.list({ customer })).data).to.have.length(1);
    expect((await stripe.invoices.list()).data).to.deep.equal([]);
    expect((await stripe.invoices.list({ customer })).data).to.have.length(1);
  });

  it("take three customers, and go forward by two intervals at most", async () => {
    const { rig, clock } = await onClock();
    const { testHelpers, customers } = rig.stripe;
    const advance = (time: string) =>
      refusal(testHelpers.testClocks.advance(clock.id, { frozen_time: seconds(time) }));
    expect(await advance("2026-01-31T10:00:00Z")).to.include({ param: "frozen_time" });
    expect(await advance("2026-03-31T10:00:01Z")).to.include({ param: "frozen_time" });
    await testHelpers.testClocks.advance(clock.id, {
      frozen_time: seconds("2026-03-31T10:00:00Z"),
    });
    const idle = await testHelpers.testClocks.create({ frozen_time: FROZEN });
    await testHelpers.testClocks.advance(idle.id, { frozen_time: seconds("2028-01-31T10:00:00Z") });
    await customers.create({ test_clock: clock.id });
    await customers.create({ test_clock: clock.id });
    const fourth = await refusal(customers.create({ test_clock: clock.id }));
    expect(fourth).to.include({ statusCode: 400, param: "test_clock" });
    const unknown = await refusal(customers.create({ test_clock: "clock_none" }));
    expect(unknown.code).to.equal("resource_missing");
  });
});

/** A customer of a test clock with a subscription to Pro, and another customer without. */
async function onClock() {
  const rig = await startRig();
  const { price } = await seed(rig);
  const clock = await rig.stripe.testHelpers.testClocks.create({ frozen_time: FROZEN });
  const customer = await rig.stripe.customers.create({ test_clock: clock.id });
  const subscription = await bought(rig, { customer, price });
  return { rig, clock, subscription };
}

async function bought(
  rig: Rig,
  catalog: { customer: Stripe.Customer; price: Stripe.Price },
): Promise<Stripe.Subscription> {
  const { id } = await openCheckout(rig, catalog);
  await rig.control("POST", `/checkout/${id}/complete`, { card: "4242424242424242" });
  await rig.sandbox.settled();
  const { subscription } = await rig.stripe.checkout.sessions.retrieve(id);
  return rig.stripe.subscriptions.retrieve(String(subscription));
}
