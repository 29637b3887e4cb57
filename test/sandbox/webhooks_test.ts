import { expect } from "chai";
import type { Stripe } from "stripe";
import { PAID_AT_ONCE } from "./plans.ts";
import {
  openCheckout,
  type Rig,
  SECRET,
  seed,
  startReceiver,
  startRig,
  stopRigs,
  subscribe,
} from "./rig.ts";

const CHECKOUT_BURST = [
  "payment_method.attached",
  "customer.subscription.created",
  ...PAID_AT_ONCE,
  "checkout.session.completed",
];

async function purchase(rig: Rig): Promise<void> {
  const catalog = await seed(rig);
  await rig.sandbox.settled();
  rig.receiver.received.length = 0;
  await subscribe(rig, catalog);
}

function ids({ receiver }: Rig): string[] {
  return receiver.received.map(({ event }) => event.id);
}

describe("sandbox webhooks", () => {
  afterEach(stopRigs);

  it("send a paid Checkout's burst in Stripe's order, once each", async () => {
    const rig = await startRig();
    await purchase(rig);
    expect(rig.receiver.types()).to.deep.equal(CHECKOUT_BURST);
    expect(new Set(ids(rig)).size).to.equal(CHECKOUT_BURST.length);
  });

  it("freeze the object of an event when it happens", async () => {
    const rig = await startRig();
    await purchase(rig);
    const statuses = rig.receiver.received
      .map(({ event }) => event)
      .flatMap((event) =>
        event.type === "invoice.created" || event.type === "invoice.paid"
          ? [(event.data.object as Stripe.Invoice).status]
          : [],
      );
    expect(statuses).to.deep.equal(["draft", "paid"]);
  });

  it("tell how many endpoints an event is meant for", async () => {
    const rig = await startRig();
    const other = await startReceiver();
    rig.sandbox.addWebhookEndpoint({
      url: other.url,
      secret: SECRET,
      enabledEvents: ["invoice.paid"],
    });
    await purchase(rig);
    expect(other.types()).to.deep.equal(["invoice.paid"]);
    const meant = rig.receiver.received.map(({ event }) => [event.type, event.pending_webhooks]);
    expect(new Map(meant as [string, number][]).get("invoice.paid")).to.equal(2);
    expect(new Map(meant as [string, number][]).get("charge.succeeded")).to.equal(1);
  });

  it("try again until 2xx, signing each attempt anew", async () => {
    const rig = await startRig();
    rig.receiver.answer = (_event, index) => ({ status: index < 2 ? 500 : 200 });
    await rig.stripe.products.create({ name: "Pro" });
    await rig.sandbox.settled();
    expect(rig.receiver.types()).to.deep.equal(Array(3).fill("product.created"));
    expect(new Set(ids(rig)).size).to.equal(1);
    const { body } = await rig.control("GET", "/deliveries?type=product.created");
    const [delivery] = body.deliveries as { status: string; attempts: { status: number }[] }[];
    expect(delivery?.status).to.equal("delivered");
    expect(delivery?.attempts.map(({ status }) => status)).to.deep.equal([500, 500, 200]);
  });

  it("count a redirect as a failure and do not follow it", async () => {
    const rig = await startRig();
    const elsewhere = await startReceiver();
    rig.receiver.answer = (_event, index) =>
      index === 0 ? { status: 302, location: elsewhere.url } : { status: 200 };
    await rig.stripe.products.create({ name: "Pro" });
    await rig.sandbox.settled();
    expect(elsewhere.received).to.deep.equal([]);
    expect(rig.receiver.received).to.have.length(2);
  });

  it("give up after the last retry, and the event counts as undelivered", async () => {
    const rig = await startRig();
    rig.receiver.answer = () => ({ status: 503 });
    await rig.stripe.products.create({ name: "Pro" });
    await rig.sandbox.settled();
    expect(rig.receiver.received).to.have.length(4);
    const missed = await rig.stripe.events.list({ delivery_success: false });
    expect(missed.data.map(({ type }) => type)).to.deep.equal(["product.created"]);
    expect(missed.data[0]?.pending_webhooks).to.equal(1);
    const taken = await rig.stripe.events.list({ delivery_success: true });
    expect(taken.data).to.deep.equal([]);
  });

  it("record an attempt at an endpoint that does not answer", async () => {
    const rig = await startRig({
      webhookEndpoints: [{ url: "http://127.0.0.1:1/", secret: SECRET }],
      retryDelaysMs: [],
    });
    await rig.stripe.products.create({ name: "Pro" });
    await rig.sandbox.settled();
    const { body } = await rig.control("GET", "/deliveries");
    const [delivery] = body.deliveries as {
      status: string;
      attempts: { status: number | null; error: string | null }[];
    }[];
    expect(delivery?.status).to.equal("failed");
    expect(delivery?.attempts[0]?.status).to.equal(null);
    expect(delivery?.attempts[0]?.error).to.be.a("string").that.is.not.empty;
  });

  it("resend an event on demand", async () => {
    const rig = await startRig();
    await rig.stripe.products.create({ name: "Pro" });
    await rig.sandbox.settled();
    const [first] = rig.receiver.received;
    const { status } = await rig.control("POST", `/events/${first?.event.id}/resend`);
    await rig.sandbox.settled();
    expect(status).to.equal(200);
    expect(ids(rig)).to.deep.equal([first?.event.id, first?.event.id]);
    const unknown = await rig.control("POST", "/events/evt_none/resend");
    expect(unknown.status).to.equal(404);
  });

  it("do not go to an endpoint that was disabled", async () => {
    const rig = await startRig({ webhookEndpoints: [] });
    const endpoint = await rig.stripe.webhookEndpoints.create({
      url: rig.receiver.url,
      enabled_events: ["*"],
    });
    await rig.stripe.webhookEndpoints.update(endpoint.id, { disabled: true });
    await rig.stripe.products.create({ name: "Pro" });
    await rig.sandbox.settled();
    expect(rig.receiver.received).to.deep.equal([]);
  });
});

describe("sandbox delivery settings", () => {
  afterEach(stopRigs);

  it("duplicate every event", async () => {
    const rig = await startRig();
    await rig.control("POST", "/delivery", { duplicates: 3 });
    await rig.stripe.products.create({ name: "Pro" });
    await rig.sandbox.settled();
    expect(rig.receiver.received).to.have.length(3);
    expect(new Set(ids(rig)).size).to.equal(1);
  });

  it("shuffle a burst, the same way for the same seed", async () => {
    const orders: string[][] = [];
    for (const seedNumber of [7, 7, 8]) {
      const rig = await startRig();
      const catalog = await seed(rig);
      await rig.sandbox.settled();
      await rig.control("POST", "/delivery", { shuffle: true, seed: seedNumber });
      rig.receiver.received.length = 0;
      await subscribe(rig, catalog);
      orders.push(rig.receiver.types());
    }
    expect(orders[0]).to.deep.equal(orders[1]);
    expect(orders[0]).to.not.deep.equal(orders[2]);
    expect(orders[0]).to.not.deep.equal(CHECKOUT_BURST);
    expect(orders[0]).to.have.members(CHECKOUT_BURST);
  });

  it("send all that a jump of years brings about, which is more than events are kept", async () => {
    const rig = await startRig();
    await subscribe(rig, await seed(rig));
    await rig.advance({ advanceDays: 1200 });
    await rig.sandbox.settled();
    const renewals = rig.receiver.types().filter((type) => type === "invoice.paid");
    expect(renewals).to.have.length(40);
    const { body } = await rig.control("GET", "/deliveries");
    const deliveries = body.deliveries as { status: string }[];
    expect(deliveries.filter(({ status }) => status !== "delivered")).to.deep.equal([]);
  });

  it("hold events while paused and send them in order afterwards", async () => {
    const rig = await startRig();
    await rig.control("POST", "/delivery", { paused: true });
    const catalog = await seed(rig);
    await subscribe(rig, catalog);
    expect(rig.receiver.received).to.deep.equal([]);
    await rig.control("POST", "/delivery", { paused: false });
    await rig.sandbox.settled();
    expect(rig.receiver.types()).to.deep.equal([
      "customer.created",
      "product.created",
      "price.created",
      ...CHECKOUT_BURST,
    ]);
  });

  it("drop events for good until they are resent", async () => {
    const rig = await startRig();
    await rig.control("POST", "/delivery", { dropRate: 1 });
    await rig.stripe.products.create({ name: "Pro" });
    await rig.sandbox.settled();
    expect(rig.receiver.received).to.deep.equal([]);
    const missed = await rig.stripe.events.list({ delivery_success: false });
    await rig.control("POST", `/events/${missed.data[0]?.id}/resend`);
    await rig.sandbox.settled();
    expect(rig.receiver.types()).to.deep.equal(["product.created"]);
    expect((await rig.stripe.events.list({ delivery_success: false })).data).to.deep.equal([]);
  });

  it("drop the same events for the same seed", async () => {
    const kept: string[][] = [];
    for (let run = 0; run < 2; run += 1) {
      const rig = await startRig();
      const catalog = await seed(rig);
      await rig.sandbox.settled();
      rig.receiver.received.length = 0;
      await rig.control("POST", "/delivery", { dropRate: 0.5, seed: 42 });
      await subscribe(rig, catalog);
      kept.push(rig.receiver.types());
    }
    expect(kept[0]).to.deep.equal(kept[1]);
    expect(kept[0]?.length).to.be.within(1, CHECKOUT_BURST.length - 1);
  });

  it("delay deliveries", async () => {
    const rig = await startRig();
    await rig.control("POST", "/delivery", { delayMs: 20 });
    await openCheckout(rig, await seed(rig));
    await rig.sandbox.settled();
    expect(rig.receiver.types()).to.have.members([
      "customer.created",
      "product.created",
      "price.created",
    ]);
  });

  it("refuse unknown fields and bad values", async () => {
    const rig = await startRig();
    for (const body of [
      { pause: true },
      { paused: "yes" },
      { duplicates: 0 },
      { dropRate: 2 },
      { delayMs: -1 },
      { seed: 0.5 },
    ]) {
      const { status, body: answer } = await rig.control("POST", "/delivery", body);
      expect(status, JSON.stringify(body)).to.equal(400);
      expect(answer.error).to.contain(Object.keys(body)[0]);
    }
  });
});
