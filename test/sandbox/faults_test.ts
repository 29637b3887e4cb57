import { expect } from "chai";
import { Stripe } from "stripe";
import { type Rig, refusal, startRig, stopRigs } from "./rig.ts";

const CREATE = "POST /v1/customers";

async function fail(rig: Rig, fault: object): Promise<void> {
  const { status, body } = await rig.control("POST", "/faults", { route: CREATE, ...fault });
  expect(status, JSON.stringify(body)).to.equal(200);
}

function create(
  { stripe }: Rig,
  idempotencyKey: string,
): Promise<Stripe.Response<Stripe.Customer>> {
  return stripe.customers.create({ name: "Ada" }, { idempotencyKey });
}

async function customers({ stripe }: Rig): Promise<number> {
  return (await stripe.customers.list()).data.length;
}

describe("faults of the sandbox's API", () => {
  afterEach(stopRigs);

  it("P22 answer lock_timeout, and again under the same key only", async () => {
    const rig = await startRig();
    await fail(rig, { lockTimeout: true });
    const first = await refusal(create(rig, "one"));
    expect(first).to.include({ statusCode: 429, code: "lock_timeout" });
    const again = await refusal(create(rig, "one"));
    expect(again.code).to.equal("lock_timeout");
    expect(again.headers?.["idempotent-replayed"]).to.equal("true");
    expect(await customers(rig)).to.equal(0);
    expect((await create(rig, "two")).name).to.equal("Ada");
  });

  it("P22 answer 500 before or after the request was executed, and keep it", async () => {
    const rig = await startRig();
    await fail(rig, { status: 500 });
    expect((await refusal(create(rig, "one"))).statusCode).to.equal(500);
    expect(await customers(rig)).to.equal(0);
    await fail(rig, { status: 500, executed: true });
    expect((await refusal(create(rig, "two"))).statusCode).to.equal(500);
    expect((await refusal(create(rig, "two"))).statusCode).to.equal(500);
    expect(await customers(rig)).to.equal(1);
  });

  it("answer 429 without keeping it, as many times as they were told", async () => {
    const rig = await startRig();
    await fail(rig, { status: 429, times: 2 });
    for (let time = 0; time < 2; time += 1) {
      const refused = await refusal(create(rig, "one"));
      expect(refused).to.be.instanceOf(Stripe.errors.StripeRateLimitError);
    }
    expect((await create(rig, "one")).name).to.equal("Ada");
  });

  it("hold a good answer back for longer than the client waits", async () => {
    const rig = await startRig();
    await fail(rig, { timeoutMs: 2_000 });
    const late = rig.stripe.customers.create(
      { name: "Ada" },
      { idempotencyKey: "one", timeout: 50 },
    );
    expect(await refusal(late)).to.be.instanceOf(Stripe.errors.StripeConnectionError);
    const { lastResponse } = await create(rig, "one");
    expect(lastResponse.headers["idempotent-replayed"]).to.equal("true");
    expect(await customers(rig)).to.equal(1);
  });

  it("meet the route that they name, or all; others not", async () => {
    const rig = await startRig();
    await fail(rig, { status: 503 });
    expect((await rig.stripe.products.create({ name: "Pro" })).name).to.equal("Pro");
    expect((await rig.control("GET", "/faults")).body.faults).to.have.length(1);
    await fail(rig, { route: "*", status: 503 });
    expect((await refusal(rig.stripe.products.create({ name: "Pro" }))).statusCode).to.equal(503);
  });

  it("are refused where they make no sense", async () => {
    const rig = await startRig();
    for (const bad of [
      { status: 500 },
      { route: "POST /v1/nothing", status: 500 },
      { route: CREATE },
      { route: CREATE, status: 500, lockTimeout: true },
      { route: CREATE, status: 200 },
    ]) {
      expect((await rig.control("POST", "/faults", bad)).status).to.equal(400);
    }
  });
});
