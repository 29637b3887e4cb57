import { expect } from "chai";
import type { StartCheckoutCommand } from "../../../src/application/checkout/start_checkout.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";

const wish: StartCheckoutCommand = {
  tenantId: TENANT,
  planSlug: "pro",
  successUrl: "https://app.example.com/ok",
  cancelUrl: "https://app.example.com/no",
};
const business = { ...wish, planSlug: "business" };
const LOCKED = new PortError("Cannot create: held by another request", {
  transient: true,
  keySpent: true,
});
const TIMED_OUT = new PortError("Cannot create: no answer", { transient: true });

describe("StartCheckout: races and failures", () => {
  let fixture: BillingFixture;

  beforeEach(async () => {
    fixture = await BillingFixture.open();
  });
  afterEach(() => fixture.close());

  function start(command = wish, billing = fixture.billing) {
    return billing.startCheckout.execute(command);
  }

  async function failure(command = wish): Promise<unknown> {
    return await start(command).then(
      () => "no failure",
      (error: unknown) => error,
    );
  }

  function openIds() {
    return fixture.payments.checkouts
      .filter(({ state }) => state === "open")
      .map(({ session }) => session.id);
  }

  it("P16, P18 makes one customer and one Checkout for 20 first checkouts at once", async () => {
    const processes = Array.from({ length: 4 }, () => fixture.process());
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => start(wish, processes[index % 4])),
    );
    expect(fixture.payments.customers.size).to.equal(1);
    expect(fixture.payments.checkouts).to.have.length(1);
    const started = { type: "started", url: "https://pay.example/cs_1" };
    expect(outcomes).to.deep.equal(Array(20).fill(started));
  });

  it("P16 finds its customer again after a crash before it was saved", async () => {
    fixture.payments.after("createCustomer", () => Promise.reject(TIMED_OUT));
    expect(await failure()).to.equal(TIMED_OUT);
    expect((await fixture.account())?.customerId ?? null).to.equal(null);
    expect((await start()).type).to.equal("started");
    expect(fixture.payments.customers.size).to.equal(1);
  });

  it("P16 makes another customer after the first was deleted at the provider", async () => {
    await start();
    fixture.payments.customers.set("cus_1", { tenantId: TENANT, deleted: true });
    expect((await start()).type).to.equal("started");
    expect((await fixture.account())?.customerId).to.equal("cus_2");
    expect(fixture.payments.checkouts.map(({ request }) => request.customerId)).to.deep.equal([
      "cus_1",
      "cus_2",
    ]);
  });

  it("P18 leaves one open Checkout when two plans are wanted at once", async () => {
    for (let round = 0; round < 10; round += 1) {
      const outcomes = await Promise.all([
        start(wish, fixture.process()),
        start(business, fixture.process()),
      ]);
      const kept = (await fixture.account())?.checkout;
      const started = outcomes.flatMap((outcome) => (outcome.type === "started" ? outcome : []));
      expect(openIds()).to.have.length(1);
      expect(started.map(({ url }) => url)).to.include(`https://pay.example/${openIds()[0]}`);
      const open = fixture.payments.checkouts.find(({ state }) => state === "open");
      expect(open?.request.planSlug).to.equal(kept?.planSlug);
    }
  });

  it("P18 is superseded by a Checkout that was started meanwhile, and closes its own", async () => {
    await start();
    const held = fixture.payments.hold("createCheckout");
    const slow = start(business, fixture.process());
    await held.reached;
    const last = await start({ ...wish, planSlug: "starter" }, fixture.process());
    held.release();
    expect(await slow).to.deep.equal({ type: "superseded" });
    expect(last.type).to.equal("started");
    expect(openIds()).to.have.length(1);
    expect((await fixture.account())?.checkout?.planSlug).to.equal("starter");
  });

  it("P22 finds the same Checkout after a crash before its answer", async () => {
    fixture.payments.after("createCheckout", () => Promise.reject(TIMED_OUT));
    expect(await failure()).to.equal(TIMED_OUT);
    expect(await start()).to.deep.equal({ type: "started", url: "https://pay.example/cs_1" });
    expect(new Set(fixture.payments.keys).size).to.equal(2);
  });

  for (const method of ["createCustomer", "createCheckout"] as const) {
    it(`P22 repeats ${method} under the same key after a time-out`, async () => {
      fixture.payments.before(method, () => Promise.reject(TIMED_OUT));
      expect(await failure()).to.equal(TIMED_OUT);
      const [key] = fixture.payments.keys.slice(-1);
      expect((await start()).type).to.equal("started");
      expect(fixture.payments.keys.filter((used) => used === key)).to.have.length(2);
    });

    it(`P22 tries ${method} under another key after a failure that is kept`, async () => {
      fixture.payments.before(method, () => Promise.reject(LOCKED));
      expect(await failure()).to.equal(LOCKED);
      const [key] = fixture.payments.keys.slice(-1);
      expect((await start()).type).to.equal("started");
      expect(fixture.payments.keys.filter((used) => used === key)).to.have.length(1);
      expect(fixture.payments.customers.size).to.equal(1);
      expect(openIds()).to.have.length(1);
    });

    it(`P22 gets over a kept failure of ${method} that hit many at once`, async () => {
      fixture.payments.before(method, () => Promise.reject(LOCKED));
      const processes = Array.from({ length: 5 }, () => fixture.process());
      await Promise.allSettled(processes.map((billing) => start(wish, billing)));
      expect((await start()).type).to.equal("started");
      expect(fixture.payments.customers.size).to.equal(1);
      expect(openIds()).to.have.length(1);
    });
  }

  it("P08 gives up, to be tried again, when every Checkout is closed at once", async () => {
    for (let times = 0; times < 3; times += 1) {
      fixture.payments.after("createCheckout", async () => {
        await Promise.all(openIds().map((id) => fixture.payments.expireCheckout(id)));
      });
    }
    expect(await failure())
      .to.be.instanceOf(PortError)
      .with.property("transient", true);
    expect((await start()).type).to.equal("started");
  });

  it("P08 cannot sell before the catalogue was synchronised", async () => {
    await fixture.close();
    fixture = await BillingFixture.open({ catalog: null });
    expect(await failure())
      .to.be.instanceOf(PortError)
      .with.property("transient", true);
  });
});
