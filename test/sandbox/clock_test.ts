import { expect } from "chai";
import { PAID_AT_ONCE, seconds } from "./plans.ts";
import { openCheckout, type Rig, START, seed, startRig, stopRigs, subscribe } from "./rig.ts";

const RENEWAL = ["customer.subscription.updated", ...PAID_AT_ONCE];

async function renewals(rig: Rig, move: object): Promise<string[]> {
  rig.receiver.received.length = 0;
  await rig.advance(move);
  await rig.sandbox.settled();
  return rig.receiver.types();
}

describe("the sandbox's clock", () => {
  afterEach(stopRigs);

  it("renews month by month from the 31st without drifting", async () => {
    const rig = await startRig();
    const { id } = await subscribe(rig, await seed(rig));
    const types = await renewals(rig, { to: "2026-05-15T00:00:00Z" });
    expect(types).to.deep.equal([...RENEWAL, ...RENEWAL, ...RENEWAL]);
    const invoices = await rig.stripe.invoices.list({ subscription: id });
    const periods = invoices.data.map(({ lines }) => lines.data[0]?.period);
    expect(periods).to.deep.equal(
      [
        ["2026-04-30T10:00:00Z", "2026-05-31T10:00:00Z"],
        ["2026-03-31T10:00:00Z", "2026-04-30T10:00:00Z"],
        ["2026-02-28T10:00:00Z", "2026-03-31T10:00:00Z"],
        ["2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z"],
      ].map(([start = "", end = ""]) => ({ start: seconds(start), end: seconds(end) })),
    );
    expect(invoices.data.map(({ number }) => number?.slice(-4))).to.deep.equal([
      "0004",
      "0003",
      "0002",
      "0001",
    ]);
  });

  it("rolls the period at once and charges an hour later", async () => {
    const rig = await startRig();
    const { id } = await subscribe(rig, await seed(rig));
    const atRenewal = await renewals(rig, { to: "2026-02-28T10:00:00Z" });
    expect(atRenewal).to.deep.equal(["customer.subscription.updated", "invoice.created"]);
    const rolled = await rig.stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] });
    expect(rolled.status).to.equal("active");
    expect(rolled.items.data[0]?.current_period_start).to.equal(seconds("2026-02-28T10:00:00Z"));
    expect(rolled.latest_invoice).to.include({
      status: "draft",
      billing_reason: "subscription_cycle",
      period_start: seconds(START),
      period_end: seconds("2026-02-28T10:00:00Z"),
    });
    expect(await renewals(rig, { advanceHours: 0.9 })).to.deep.equal([]);
    expect(await renewals(rig, { advanceHours: 0.1 })).to.deep.equal(RENEWAL.slice(2));
    const paid = await rig.stripe.invoices.list({ subscription: id, status: "paid" });
    expect(paid.data[0]?.status_transitions.paid_at).to.equal(seconds("2026-02-28T11:00:00Z"));
  });

  it("tells what a renewal changed", async () => {
    const rig = await startRig();
    const { id, items } = await subscribe(rig, await seed(rig));
    await renewals(rig, { to: "2026-02-28T10:00:00Z" });
    const event = rig.receiver.received[0]?.event;
    expect(event?.created).to.equal(seconds("2026-02-28T10:00:00Z"));
    expect(event?.request).to.deep.equal({ id: null, idempotency_key: null });
    const previous = event?.data.previous_attributes as {
      items: { data: { current_period_start: number }[] };
      latest_invoice: string;
    };
    expect(Object.keys(previous)).to.have.members(["items", "latest_invoice"]);
    expect(previous.items.data[0]?.current_period_start).to.equal(
      items.data[0]?.current_period_start,
    );
    expect(event?.data.object).to.include({ id });
  });

  it("renews yearly prices a year later", async () => {
    const rig = await startRig();
    const catalog = await seed(rig, { recurring: { interval: "year" } });
    const { id } = await subscribe(rig, catalog);
    expect(await renewals(rig, { advanceDays: 364 })).to.deep.equal([]);
    expect(await renewals(rig, { advanceDays: 2 })).to.deep.equal(RENEWAL);
    const renewed = await rig.stripe.subscriptions.retrieve(id);
    expect(renewed.items.data[0]?.current_period_end).to.equal(seconds("2028-01-31T10:00:00Z"));
  });

  it("ends a subscription that was set to cancel, without a further invoice", async () => {
    const rig = await startRig();
    const { id } = await subscribe(rig, await seed(rig));
    await rig.stripe.subscriptions.update(id, { cancel_at_period_end: true });
    await rig.sandbox.settled();
    expect(await renewals(rig, { advanceDays: 90 })).to.deep.equal([
      "customer.subscription.deleted",
    ]);
    const ended = await rig.stripe.subscriptions.retrieve(id);
    expect(ended.status).to.equal("canceled");
    expect(ended.ended_at).to.equal(seconds("2026-02-28T10:00:00Z"));
    expect(ended.cancellation_details?.reason).to.equal("cancellation_requested");
    expect((await rig.stripe.invoices.list({ subscription: id })).data).to.have.length(1);
  });

  it("goes on with a subscription whose cancellation was taken back", async () => {
    const rig = await startRig();
    const { id } = await subscribe(rig, await seed(rig));
    await rig.stripe.subscriptions.update(id, { cancel_at_period_end: true });
    await rig.stripe.subscriptions.update(id, { cancel_at_period_end: false });
    await rig.sandbox.settled();
    expect(await renewals(rig, { to: "2026-03-01T00:00:00Z" })).to.deep.equal(RENEWAL);
  });

  it("does not charge a draft whose subscription was canceled meanwhile", async () => {
    const rig = await startRig();
    const { id } = await subscribe(rig, await seed(rig));
    await rig.advance({ to: "2026-02-28T10:00:00Z" });
    await rig.stripe.subscriptions.cancel(id);
    await rig.sandbox.settled();
    expect(await renewals(rig, { advanceDays: 1 })).to.deep.equal([]);
  });

  it("expires open Checkout Sessions", async () => {
    const rig = await startRig();
    const session = await openCheckout(rig, await seed(rig));
    await rig.sandbox.settled();
    expect(await renewals(rig, { advanceDays: 1 })).to.deep.equal(["checkout.session.expired"]);
    const expired = await rig.stripe.checkout.sessions.retrieve(session.id);
    expect(expired).to.include({ status: "expired", url: null, subscription: null });
  });

  it("answers the new time and what happened on the way", async () => {
    const rig = await startRig();
    await subscribe(rig, await seed(rig));
    const { body } = await rig.control("POST", "/clock", { advanceDays: 28 });
    expect(body.now).to.equal("2026-02-28T10:00:00.000Z");
    expect(rig.sandbox.now().toISOString()).to.equal("2026-02-28T10:00:00.000Z");
    const happened = body.happened as { at: string; type: string }[];
    expect(happened.map(({ type }) => type)).to.deep.equal(RENEWAL.slice(0, 2));
    const clock = await rig.control("GET", "/clock");
    expect(clock.body).to.deep.equal({
      now: "2026-02-28T10:00:00.000Z",
      offsetMs: 28 * 86_400_000,
      nextDue: "2026-02-28T11:00:00.000Z",
    });
  });

  it("moves forward only, by exactly one of its fields", async () => {
    const rig = await startRig();
    for (const body of [
      {},
      { advanceDays: 1, advanceHours: 1 },
      { advanceDays: -1 },
      { advanceDays: "1" },
      { advanceDays: 1e9 },
      { to: "2025-01-01T00:00:00Z" },
      { to: "tomorrow" },
      { days: 1 },
    ]) {
      const { status, body: answer } = await rig.control("POST", "/clock", body);
      expect(status, JSON.stringify(body)).to.equal(400);
      expect(answer.error).to.be.a("string");
    }
    expect(rig.sandbox.now().toISOString()).to.equal(START);
  });

  it("lets happen what real time brings about, before it answers", async () => {
    let nowMs = Date.parse(START);
    const rig = await startRig({ now: () => nowMs });
    const session = await openCheckout(rig, await seed(rig));
    nowMs += 86_400_000;
    const found = await rig.stripe.checkout.sessions.retrieve(session.id);
    expect(found.status).to.equal("expired");
  });
});
