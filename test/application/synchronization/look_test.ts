import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleInvoice, sampleItem, sampleSubscription } from "../../samples/subscription.ts";

describe("SynchronizeTenant.look", () => {
  let fixture: BillingFixture;
  const truth = { subscriptions: [sampleSubscription()], invoices: [sampleInvoice()] };

  beforeEach(async () => {
    fixture = await BillingFixture.open();
  });
  afterEach(() => fixture.close());

  function synchronize(billing = fixture.billing) {
    return billing.synchronizeTenant.look({ tenantId: TENANT });
  }

  it("P09 stores what the provider says, and answers what is stored", async () => {
    await fixture.addSubscriber();
    const account = await synchronize();
    expect(account.subscription).to.deep.include({ id: "sub_one", planSlug: "pro" });
    expect(account.standing?.lines).to.have.length(1);
    expect(await fixture.account()).to.deep.equal(account);
  });

  it("P09 does not ask the provider about a tenant without a customer", async () => {
    expect(await synchronize()).to.deep.include({ tenantId: TENANT, revision: 0 });
    expect(fixture.payments.count("read")).to.equal(0);
    expect(await fixture.account()).to.equal(undefined);
  });

  it("P09 saves a look that changed nothing, so that slower ones lose", async () => {
    await fixture.addCustomer();
    const once = await synchronize();
    const twice = await synchronize();
    expect(twice).to.deep.equal({ ...once, revision: once.revision + 1 });
  });

  it("P10 lets a stalled worker with an old look overwrite nothing", async () => {
    await fixture.addCustomer();
    const paused = { subscriptions: [sampleSubscription({ status: "past_due" })] };
    fixture.payments.setTruth("cus_one", paused);
    const held = fixture.payments.hold("read");
    const stalled = synchronize(fixture.process());
    await held.reached;
    fixture.payments.setTruth("cus_one", truth);
    await synchronize(fixture.process());
    held.release();
    expect((await stalled).subscription?.status).to.equal("active");
    expect((await fixture.account())?.subscription?.status).to.equal("active");
    expect(fixture.payments.count("read")).to.equal(3);
  });

  it("P10 is not misled by a truth that changes between two reads of one look", async () => {
    await fixture.addCustomer();
    const canceled = sampleSubscription({ status: "canceled", endedAt: fixture.now });
    fixture.payments.setTruth("cus_one", truth);
    fixture.payments.after("read", async () => {
      fixture.payments.setTruth("cus_one", { ...truth, subscriptions: [canceled] });
      await synchronize(fixture.process());
    });
    expect((await synchronize()).subscription?.status).to.equal("canceled");
  });

  it("P09 costs a burst of calls in one process at most two looks", async () => {
    await fixture.addSubscriber();
    const accounts = await Promise.all(Array.from({ length: 30 }, () => synchronize()));
    expect(fixture.payments.count("read")).to.equal(2);
    expect(new Set(accounts.map(({ subscription }) => subscription?.id))).to.deep.equal(
      new Set(["sub_one"]),
    );
  });

  it("P10 ends equal for looks of many processes at once", async () => {
    await fixture.addSubscriber();
    const processes = Array.from({ length: 8 }, () => fixture.process());
    await Promise.all(processes.map((billing) => synchronize(billing)));
    const after = await fixture.account();
    expect(after?.subscription?.planSlug).to.equal("pro");
    expect(after?.revision).to.equal(1 + processes.length);
  });

  it("P14 leaves other products' subscriptions of the same customer alone", async () => {
    await fixture.addCustomer();
    const items = [sampleItem("mystery")];
    const foreign = sampleSubscription({ id: "sub_foreign", tenantId: null, items });
    fixture.payments.setTruth("cus_one", { subscriptions: [foreign] });
    expect((await synchronize()).subscription).to.equal(null);
  });

  it("P16 forgets a customer that was deleted at the provider", async () => {
    await fixture.addSubscriber();
    await synchronize();
    fixture.payments.customers.set("cus_one", { tenantId: TENANT, deleted: true });
    expect(await synchronize()).to.deep.include({ customerId: null, subscription: null });
  });

  it("P08 passes a failure of the provider on and changes nothing", async () => {
    await fixture.addCustomer();
    const down = new PortError("Cannot list subscriptions: rate limited", { transient: true });
    fixture.payments.before("read", () => Promise.reject(down));
    const before = await fixture.account();
    expect(await synchronize().catch((error: unknown) => error)).to.equal(down);
    expect(await fixture.account()).to.deep.equal(before);
    expect((await synchronize()).revision).to.equal(2);
  });
});
