import { expect } from "chai";
import type { Stripe } from "stripe";
import { refusal, stopRigs } from "../rig.ts";
import {
  day,
  latestOf,
  linesOf,
  type Subscriber,
  subscriber,
  told,
  toldTypes,
} from "./subscriber.ts";

async function scheduled(): Promise<
  Subscriber & { id: string; schedule: Stripe.SubscriptionSchedule }
> {
  const found = await subscriber();
  const { id } = await found.stripe.subscriptions.create({
    customer: found.owner,
    items: [{ price: found.price.id }],
  });
  await told(found);
  const schedule = await found.stripe.subscriptionSchedules.create({ from_subscription: id });
  return { ...found, id, schedule };
}

function currentPhase({ phases }: Stripe.SubscriptionSchedule) {
  const [{ start_date = 0, end_date = 0, items = [] } = {}] = phases;
  return {
    start_date,
    end_date,
    items: items.map(({ price, quantity = 1 }) => ({ price: String(price), quantity })),
  };
}

// docs.stripe.com/billing/subscriptions/subscription-schedules and docs.stripe.com/api/subscription_schedules
describe("subscription schedules of the sandbox", () => {
  afterEach(stopRigs);

  it("take over a subscription as it is (from_subscription)", async () => {
    const it = await scheduled();
    expect(it.schedule).to.include({
      status: "active",
      end_behavior: "release",
      subscription: it.id,
    });
    expect(it.schedule.phases).to.have.length(1);
    expect(day(it.schedule.current_phase?.end_date)).to.equal("2026-02-28");
    expect(await toldTypes(it)).to.deep.equal([
      "subscription_schedule.created",
      "customer.subscription.updated",
    ]);
    const subscription = await it.stripe.subscriptions.retrieve(it.id);
    expect(subscription.schedule).to.equal(it.schedule.id);
    const twice = await refusal(
      it.stripe.subscriptionSchedules.create({ from_subscription: it.id }),
    );
    expect(twice.message).to.include("already attached");
  });

  it("change the price at the end of the phase, without prorations where it renews", async () => {
    const it = await scheduled();
    const current = currentPhase(it.schedule);
    const updated = await it.stripe.subscriptionSchedules.update(it.schedule.id, {
      phases: [
        current,
        {
          start_date: current.end_date,
          items: [{ price: it.business.id }],
          duration: { interval: "month", interval_count: 2 },
        },
      ],
    });
    expect(updated.phases.map(({ end_date }) => day(end_date))).to.deep.equal([
      "2026-02-28",
      "2026-04-28",
    ]);
    const locked = await refusal(
      it.stripe.subscriptions.update(it.id, { items: [{ price: it.metered.id }] }),
    );
    expect(locked.message).to.include("managed by the subscription schedule");
    await told(it);
    await it.rig.advance({ to: "2026-02-28T12:00:00Z" });
    expect((await toldTypes(it)).slice(0, 3)).to.deep.equal([
      "subscription_schedule.updated",
      "customer.subscription.updated",
      "invoice.created",
    ]);
    expect(linesOf(await latestOf(it, it)).map(({ amount }) => amount)).to.deep.equal([9900]);
    await it.rig.advance({ to: "2026-03-31T12:00:00Z" });
    const still = await it.stripe.subscriptions.retrieve(it.id);
    expect(still.schedule).to.equal(it.schedule.id);
    await told(it);
    await it.rig.advance({ to: "2026-04-28T12:00:00Z" });
    const types = await toldTypes(it);
    expect(types[0]).to.equal("subscription_schedule.expiring");
    expect(types).to.include("subscription_schedule.released");
    const released = await it.stripe.subscriptionSchedules.retrieve(it.schedule.id);
    expect(released).to.include({ status: "released", released_subscription: it.id });
  });

  it("change the running phase at once, with the prorations that the request wants", async () => {
    const it = await scheduled();
    await it.rig.advance({ to: "2026-02-14T10:00:00Z" });
    const phase = { ...currentPhase(it.schedule), items: [{ price: it.business.id }] };
    await it.stripe.subscriptionSchedules.update(it.schedule.id, {
      phases: [phase],
      proration_behavior: "always_invoice",
    });
    expect(await latestOf(it, it)).to.include({ total: 2500 });
  });

  it("change the price in the middle of a period with the phase's prorations", async () => {
    const it = await scheduled();
    const middle = Date.parse("2026-02-14T10:00:00Z") / 1000;
    const current = { ...currentPhase(it.schedule), end_date: middle };
    await it.stripe.subscriptionSchedules.update(it.schedule.id, {
      phases: [
        current,
        { items: [{ price: it.business.id }], proration_behavior: "always_invoice" },
      ],
    });
    await it.rig.advance({ to: "2026-02-14T10:00:00Z" });
    expect(linesOf(await latestOf(it, it)).map(({ amount }) => amount)).to.deep.equal([
      -2450, 4950,
    ]);
  });

  it("start a subscription now or later, its first invoice a draft for an hour", async () => {
    const it = await subscriber();
    const phases = [{ items: [{ price: it.price.id, quantity: 2 }] }];
    const now = await it.stripe.subscriptionSchedules.create({
      customer: it.owner,
      start_date: "now",
      end_behavior: "cancel",
      phases,
    });
    expect(now.status).to.equal("active");
    const draft = await latestOf(it, { id: String(now.subscription) });
    expect(draft).to.include({ status: "draft", total: 9800 });
    expect(await toldTypes(it)).to.deep.equal([
      "subscription_schedule.created",
      "customer.subscription.created",
      "subscription_schedule.updated",
      "invoice.created",
    ]);
    const start_date = Date.parse("2026-02-10T10:00:00Z") / 1000;
    const later = await it.stripe.subscriptionSchedules.create({
      customer: it.owner,
      start_date,
      phases,
    });
    expect(later).to.include({ status: "not_started", subscription: null, current_phase: null });
    const { data } = await it.stripe.subscriptionSchedules.list({ scheduled: true });
    expect(data.map(({ id }) => id)).to.deep.equal([later.id]);
    await it.rig.advance({ to: "2026-02-10T12:00:00Z" });
    const begun = await it.stripe.subscriptionSchedules.retrieve(later.id);
    expect(begun.status).to.equal("active");
    expect(await latestOf(it, { id: String(begun.subscription) })).to.include({ status: "paid" });
  });

  it("have trial phases, and cancel the subscription after the last with end_behavior", async () => {
    const it = await subscriber();
    const schedule = await it.stripe.subscriptionSchedules.create({
      customer: it.owner,
      start_date: "now",
      end_behavior: "cancel",
      phases: [
        {
          items: [{ price: it.price.id }],
          trial: true,
          duration: { interval: "day", interval_count: 10 },
        },
        { items: [{ price: it.price.id }], duration: { interval: "month", interval_count: 1 } },
      ],
    });
    const id = String(schedule.subscription);
    expect((await it.stripe.subscriptions.retrieve(id)).status).to.equal("trialing");
    await it.rig.advance({ to: "2026-02-10T12:00:00Z" });
    expect(await latestOf(it, { id })).to.include({ status: "paid", total: 4900 });
    await told(it);
    await it.rig.advance({ to: "2026-03-10T12:00:00Z" });
    const types = await toldTypes(it);
    expect(types.slice(-2)).to.deep.equal([
      "subscription_schedule.completed",
      "customer.subscription.deleted",
    ]);
    const done = await it.stripe.subscriptionSchedules.retrieve(schedule.id);
    expect(done.status).to.equal("completed");
  });

  it("are canceled with their subscription, released without it, and aborted unpaid", async () => {
    const canceled = await scheduled();
    await canceled.rig.advance({ to: "2026-02-14T10:00:00Z" });
    await told(canceled);
    const gone = await canceled.stripe.subscriptionSchedules.cancel(canceled.schedule.id);
    expect(gone.status).to.equal("canceled");
    expect(await latestOf(canceled, canceled)).to.include({ total: -2450 });
    const types = await toldTypes(canceled);
    expect(types[0]).to.equal("subscription_schedule.canceled");
    expect(types.at(-1)).to.equal("customer.subscription.deleted");
    const again = await refusal(canceled.stripe.subscriptionSchedules.cancel(gone.id));
    expect(again.statusCode).to.equal(400);
    const released = await scheduled();
    await released.stripe.subscriptionSchedules.release(released.schedule.id);
    const left = await released.stripe.subscriptions.retrieve(released.id);
    expect(left).to.include({ status: "active", schedule: null });
  });

  it("refuse what Stripe refuses", async () => {
    const it = await scheduled();
    const { subscriptionSchedules } = it.stripe;
    const current = currentPhase(it.schedule);
    const update = (phases: Stripe.SubscriptionScheduleUpdateParams.Phase[]) =>
      refusal(subscriptionSchedules.update(it.schedule.id, { phases }));
    const items = [{ price: it.business.id }];
    const gap = await update([current, { items, start_date: current.end_date + 60 }]);
    expect(gap.param).to.equal("phases[1][start_date]");
    const without = await update([{ items, start_date: current.end_date }]);
    expect(without.param).to.equal("phases");
    const both = await update([{ ...current, duration: { interval: "month", interval_count: 1 } }]);
    expect(both.param).to.equal("phases[0][end_date]");
    const nobody = await refusal(
      subscriptionSchedules.create({ customer: "cus_none", phases: [{ items }] }),
    );
    expect(nobody.param).to.equal("customer");
    expect((await refusal(subscriptionSchedules.create({}))).param).to.equal("customer");
  });
});
