import { expect } from "chai";
import type { Stripe } from "stripe";
import { stopRigs } from "../rig.ts";
import { latestOf, linesOf, type Subscriber, subscriber } from "./subscriber.ts";

const at = (day: string) => Date.parse(`${day}T10:00:00Z`) / 1000;

/**
 * stripe-node, `SubscriptionUpdateParams.cancel_at`: a time within the current period prorates, as
 * `proration_behavior` says, and one within a later period always does. The period of 28 days that
 * begins on 31 January costs 49.00.
 */
describe("an end of a subscription within its period, in the sandbox", () => {
  let s: Subscriber;

  beforeEach(async () => {
    s = await subscriber();
  });
  afterEach(stopRigs);

  const create = (more: Partial<Stripe.SubscriptionCreateParams> = {}) =>
    s.stripe.subscriptions.create({ customer: s.owner, items: [{ price: s.price.id }], ...more });
  const pending = async () =>
    (await s.stripe.invoiceItems.list({ customer: s.owner, pending: true })).data;
  const balance = async () => {
    const owner = await s.stripe.customers.retrieve(s.owner);
    return owner.deleted === true ? null : owner.balance;
  };

  it("is asked for at once, and the first invoice is for the time until then", async () => {
    const made = await create({ cancel_at: at("2026-02-07") });
    const invoice = await latestOf(s, made);
    expect(invoice.total).to.equal(4900 / 4);
    expect(linesOf(invoice)).to.deep.include.members([
      {
        amount: 1225,
        description: "1 × Pro (at $49.00 / month)",
        quantity: 1,
        proration: true,
        from: "2026-01-31",
        to: "2026-02-07",
      },
    ]);
    const whole = await create({ cancel_at: at("2026-02-07"), proration_behavior: "none" });
    expect((await latestOf(s, whole)).total).to.equal(4900);
  });

  it("gives back the rest of the period, at the end unless it is invoiced at once", async () => {
    const made = await create();
    await s.stripe.subscriptions.update(made.id, { cancel_at: at("2026-02-14") });
    expect((await pending()).map(({ amount }) => amount)).to.deep.equal([-2450]);
    await s.rig.advance({ advanceDays: 15 });
    expect(await s.stripe.subscriptions.retrieve(made.id)).to.include({ status: "canceled" });
    expect(await latestOf(s, made)).to.include({ total: -2450 });
    expect(await balance()).to.equal(-2450);
  });

  it("is invoiced at once where that is asked for, and not at all without prorations", async () => {
    const made = await create();
    await s.stripe.subscriptions.update(made.id, {
      cancel_at: at("2026-02-14"),
      proration_behavior: "always_invoice",
    });
    expect(await latestOf(s, made)).to.include({ total: -2450, status: "paid" });
    expect(await balance()).to.equal(-2450);
    const other = await create();
    await s.stripe.subscriptions.update(other.id, {
      cancel_at: at("2026-02-14"),
      proration_behavior: "none",
    });
    expect(await pending()).to.deep.equal([]);
  });

  it("is charged again where it is taken back or put off", async () => {
    const made = await create();
    await s.stripe.subscriptions.update(made.id, { cancel_at: at("2026-02-14") });
    await s.stripe.subscriptions.update(made.id, { cancel_at: at("2026-02-21") });
    await s.stripe.subscriptions.update(made.id, { cancel_at: "" });
    expect((await pending()).map(({ amount }) => amount).reverse()).to.deep.equal([
      -2450, 1225, 1225,
    ]);
    await s.stripe.subscriptions.update(made.id, { cancel_at_period_end: true });
    expect(await pending()).to.have.length(3);
  });

  it("leaves a change of plan the time until then", async () => {
    const made = await create();
    await s.stripe.subscriptions.update(made.id, { cancel_at: at("2026-02-14") });
    await s.rig.advance({ advanceDays: 7 });
    await s.stripe.subscriptions.update(made.id, {
      items: [{ id: made.items.data[0]?.id ?? "", price: s.business.id }],
    });
    // A quarter of the period is left: 12.25 come back, and 24.75 are due.
    expect((await pending()).map(({ amount }) => amount).reverse()).to.deep.equal([
      -2450, -1225, 2475,
    ]);
  });

  it("of a later period shortens what that one costs", async () => {
    const made = await create();
    await s.stripe.subscriptions.update(made.id, { cancel_at: at("2026-03-07") });
    expect(await pending()).to.deep.equal([]);
    await s.rig.advance({ advanceDays: 29 });
    // Seven days of the 31 from 28 February on.
    expect((await latestOf(s, made)).total).to.equal(Math.round((4900 * 7) / 31));
  });
});
