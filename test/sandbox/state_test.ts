import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { startSandbox } from "../../sandbox/mod.ts";
import {
  clientOf,
  openCheckout,
  SECRET,
  START,
  seed,
  startRig,
  stopRigs,
  subscribe,
} from "./rig.ts";

describe("the sandbox's state file", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sandbox-"));
  });

  afterEach(async () => {
    await stopRigs();
    await rm(folder, { recursive: true });
  });

  it("keeps objects, the clock and stored answers across a restart", async () => {
    const statePath = join(folder, "deep", "state.json");
    const rig = await startRig({ statePath });
    const catalog = await seed(rig);
    const { id } = await subscribe(rig, catalog);
    const session = await openCheckout(rig, catalog);
    await rig.advance({ advanceDays: 0.5 });
    const key = { idempotencyKey: "k1" };
    const product = await rig.stripe.products.create({ name: "Once" }, key);
    const events = await rig.stripe.events.list({ limit: 100 });
    await rig.sandbox.close();

    const again = await startRig({ statePath, webhookEndpoints: [] });
    expect(again.sandbox.now().toISOString()).to.equal("2026-01-31T22:00:00.000Z");
    expect((await again.stripe.subscriptions.retrieve(id)).status).to.equal("active");
    expect((await again.stripe.checkout.sessions.retrieve(session.id)).status).to.equal("open");
    const replayed = await again.stripe.products.create({ name: "Once" }, key);
    expect(replayed.id).to.equal(product.id);
    expect((await again.stripe.events.list({ limit: 100 })).data).to.deep.equal(events.data);
    await again.advance({ to: "2026-03-01T00:00:00Z" });
    expect((await again.stripe.invoices.list({ subscription: id })).data).to.have.length(2);
  });

  it("has every change in the file before the answer", async () => {
    const statePath = join(folder, "state.json");
    const { stripe, sandbox } = await startRig({ statePath });
    const [a, b] = await Promise.all([
      stripe.customers.create({ email: "a@example.com" }),
      stripe.customers.create({ email: "b@example.com" }),
    ]);
    const text = await readFile(statePath, "utf8");
    expect(text).to.contain(a.id);
    expect(text).to.contain(b.id);
    await sandbox.close();
    expect(await readdir(folder)).to.deep.equal(["state.json"]);
  });

  it("sends after a restart what was undelivered or held, once", async () => {
    const statePath = join(folder, "state.json");
    const rig = await startRig({ statePath, retryDelaysMs: [3_600_000] });
    rig.receiver.answer = (_event, index) => ({ status: index === 0 ? 500 : 200 });
    await rig.stripe.products.create({ name: "Undelivered" });
    await rig.receiver.arrived(1);
    await rig.stripe.products.create({ name: "Delivered" });
    await rig.receiver.arrived(2);
    await rig.control("POST", "/delivery", { paused: true });
    await rig.stripe.products.create({ name: "Held" });
    await rig.sandbox.close();

    const [first, second] = rig.receiver.received.map(({ event }) => event.id);
    expect(rig.receiver.received).to.have.length(2);
    const again = await startSandbox({ port: 0, statePath, now: () => Date.parse(START) });
    const waiting = await clientOf(again).events.list({ delivery_success: false });
    const held = waiting.data.map(({ id }) => id);
    expect(held).to.have.length(2).and.to.include(first).and.to.not.include(second);
    await fetch(`${again.url}/_sandbox/delivery`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ paused: false }),
    });
    await again.settled();
    await again.close();
    const sent = rig.receiver.received.slice(2).map(({ event }) => event.id);
    expect(sent).to.have.members(held);
  });

  it("gives an endpoint with the same address its new settings", async () => {
    const statePath = join(folder, "state.json");
    const url = "https://app.example.com/webhooks";
    const first = await startRig({ statePath, webhookEndpoints: [{ url, secret: "whsec_old" }] });
    const [before] = (await first.stripe.webhookEndpoints.list()).data;
    await first.sandbox.close();
    const second = await startRig({
      statePath,
      webhookEndpoints: [{ url, secret: SECRET, enabledEvents: ["invoice.paid"] }],
    });
    const { data } = await second.stripe.webhookEndpoints.list();
    expect(data.map(({ id }) => id)).to.deep.equal([before?.id]);
    expect(data[0]?.enabled_events).to.deep.equal(["invoice.paid"]);
  });

  it("is refused where it is something else", async () => {
    const statePath = join(folder, "state.json");
    for (const text of ["{}", '{"format":99}', "not json"]) {
      await writeFile(statePath, text);
      const failure = await startSandbox({ port: 0, statePath }).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure, text).to.be.instanceOf(Error);
    }
  });
});

describe("the sandbox's reset", () => {
  afterEach(stopRigs);

  it("empties everything but the configured endpoints", async () => {
    const rig = await startRig();
    await rig.stripe.webhookEndpoints.create({ url: "https://a.example/", enabled_events: ["*"] });
    await rig.control("POST", "/delivery", { paused: true, duplicates: 2 });
    await subscribe(rig, await seed(rig));
    await rig.advance({ advanceDays: 1 });
    expect((await rig.control("POST", "/reset", { all: true })).status).to.equal(400);
    expect((await rig.control("POST", "/reset")).status).to.equal(200);
    expect(rig.sandbox.now().toISOString()).to.equal(START);
    expect((await rig.stripe.customers.list()).data).to.deep.equal([]);
    expect((await rig.stripe.events.list()).data).to.deep.equal([]);
    const endpoints = await rig.stripe.webhookEndpoints.list();
    expect(endpoints.data.map(({ url }) => url)).to.deep.equal([rig.receiver.url]);
    await rig.stripe.products.create({ name: "Pro" });
    await rig.sandbox.settled();
    expect(rig.receiver.types()).to.deep.equal(["product.created"]);
  });
});
