import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import type { ReconcileCommand } from "../../../src/application/reconciliation/reconcile.ts";
import type { TenantResult } from "../../../src/application/reconciliation/tenant_tally.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { at } from "../../samples/dates.ts";
import { sampleEvent } from "../../samples/events.ts";
import { sampleInvoice, sampleSubscription } from "../../samples/subscription.ts";

const down = new PortError("Cannot list the subscriptions: no answer", { transient: true });

describe("Reconcile", () => {
  const fixture = useBilling();
  let results: TenantResult[];

  beforeEach(async () => {
    results = [];
  });

  /** A subscribed tenant at the provider; here as `known` says. */
  async function addTenant(tenantId: string, { known = true } = {}): Promise<void> {
    const customerId = `cus_${tenantId}`;
    const id = `sub_${tenantId}`;
    fixture.payments.customers.set(customerId, { tenantId, deleted: false });
    fixture.payments.setTruth(customerId, {
      subscriptions: [sampleSubscription({ id, customerId, tenantId })],
      invoices: [sampleInvoice({ id: `in_${tenantId}` })],
    });
    fixture.records.all = [{ customerId, tenantId, balance: 0 }, ...fixture.records.all];
    if (known) {
      await fixture.save({ customerId }, tenantId);
    }
  }

  async function addTenants(count: number): Promise<string[]> {
    const tenants = Array.from({ length: count }, (_, index) => `tenant_${1_000 + index}`);
    for (const tenantId of tenants) {
      await addTenant(tenantId);
    }
    return tenants;
  }

  /** What was read into `records` of these tenants is what a look at each sees, too. */
  async function addListed(count: number): Promise<string[]> {
    const tenants = await addTenants(count);
    fixture.records.live = tenants.map((tenantId) =>
      sampleSubscription({ id: `sub_${tenantId}`, customerId: `cus_${tenantId}`, tenantId }),
    );
    fixture.records.billed = tenants.map((tenantId) => ({
      customerId: `cus_${tenantId}`,
      invoice: sampleInvoice({ id: `in_${tenantId}`, lines: [] }),
      pack: null,
    }));
    return tenants;
  }

  async function reconcile(command: ReconcileCommand = {}) {
    results = [];
    const outcome = await fixture.billing.reconcile.execute({
      onTenant: (result) => results.push(result),
      ...command,
    });
    return outcome.type === "reconciled" ? outcome : expect.fail(outcome.type);
  }

  const seen = () => results.map(({ tenantId }) => tenantId).toSorted();

  it("P37 goes through all tenants, counts what differed by kind, and finds nothing again", async () => {
    const tenants = await addTenants(450);
    await fixture.save({ customerId: null }, "tenant_without");
    const first = await reconcile();
    expect(seen()).to.deep.equal(tenants);
    expect(first).to.deep.include({ tenants: 450, drifted: 450, failed: 0, complete: true });
    expect(first.drift).to.deep.include({ status: 450, plan: 900, grant: 450 });
    expect(await reconcile()).to.deep.include({ tenants: 450, drifted: 0, drift: {} });
  });

  it("P37 P38 names itself as the cause, whoever started it", async () => {
    await addTenant("clacme0001");
    await reconcile();
    const [entry] = await fixture.store.audit.list("clacme0001", { limit: 1 });
    expect(entry?.cause).to.deep.equal({ type: "reconciliation" });
  });

  it("P37 finds tenants whose account or customer is lost, and no others", async () => {
    await addTenant("tenant_lost", { known: false });
    await addTenant("tenant_unlinked", { known: false });
    await fixture.save({ customerId: null }, "tenant_unlinked");
    fixture.records.all = [
      { customerId: "cus_foreign", tenantId: "Not one of ours", balance: 0 },
      ...fixture.records.all,
    ];
    await reconcile();
    expect(seen()).to.deep.equal(["tenant_lost", "tenant_unlinked"]);
    for (const tenantId of seen()) {
      const account = await fixture.account(tenantId);
      expect(account).to.deep.include({ customerId: `cus_${tenantId}` });
      expect(account?.subscription?.status).to.equal("active");
    }
  });

  it("P16 P37 of two lost customers of a tenant it takes the one in use", async () => {
    await addTenant("clacme0001", { known: false });
    const unused = { customerId: "cus_newer", tenantId: "clacme0001", balance: 0 };
    fixture.payments.customers.set("cus_newer", { tenantId: "clacme0001", deleted: false });
    for (const all of [
      [unused, ...fixture.records.all],
      [...fixture.records.all, unused],
    ]) {
      fixture.records.all = all;
      await reconcile({ dryRun: true });
      expect(results[0]?.drift.find(({ kind }) => kind === "customer")?.theirs).to.equal(
        "cus_clacme0001",
      );
    }
  });

  it("P16 P37 leaves a tenant its customer where the provider has another one, too", async () => {
    await addTenant("clacme0001");
    fixture.payments.customers.set("cus_second", { tenantId: "clacme0001", deleted: false });
    fixture.records.all = [
      { customerId: "cus_second", tenantId: "clacme0001", balance: 0 },
      ...fixture.records.all,
    ];
    await reconcile();
    expect(seen()).to.deep.equal(["clacme0001"]);
    expect((await fixture.account("clacme0001"))?.customerId).to.equal("cus_clacme0001");
  });

  it("P37 a tenant that fails is reported and does not stop the others", async () => {
    await addTenants(9);
    fixture.payments.before("read", () => Promise.reject(down));
    const outcome = await reconcile();
    expect(outcome).to.deep.include({ tenants: 9, drifted: 8, failed: 1, complete: true });
    expect(results.filter(({ failure }) => failure === down.message)).to.have.length(1);
    expect(await reconcile(), "the next run heals it").to.include({ drifted: 1, failed: 0 });
  });

  it("P37 a lost tenant whose customers cannot be told apart does not stop the others", async () => {
    await addTenant("tenant_one", { known: false });
    await addTenant("tenant_two", { known: false });
    fixture.payments.customers.set("cus_newer", { tenantId: "tenant_one", deleted: false });
    fixture.records.all = [
      { customerId: "cus_newer", tenantId: "tenant_one", balance: 0 },
      ...fixture.records.all.toReversed(),
    ];
    fixture.payments.before("read", () => Promise.reject(down));
    expect(await reconcile()).to.include({ tenants: 2, failed: 1, complete: true });
    const { failure } = results.find(({ tenantId }) => tenantId === "tenant_one") ?? {};
    expect(failure).to.equal(down.message);
    expect((await fixture.account("tenant_two"))?.customerId).to.equal("cus_tenant_two");
  });

  it("P37 undelivered events that cannot be listed are told, and keep nothing from being done", async () => {
    const tenants = await addTenants(2);
    fixture.records.events = () => {
      throw down;
    };
    expect(await reconcile()).to.deep.include({ tenants: 2, failures: [down.message], events: 0 });
    expect(seen()).to.deep.equal(tenants);
  });

  it("P37 gives up where nothing works any more, instead of hammering on", async () => {
    await addTenants(100);
    for (let index = 0; index < 100; index += 1) {
      fixture.payments.before("read", () => Promise.reject(down));
    }
    const outcome = await reconcile();
    expect(outcome.complete).to.equal(false);
    expect(outcome.tenants).to.be.within(25, 30);
  });

  it("P37 does not begin where the provider is out of reach", async () => {
    await addTenants(3);
    fixture.records.failure = down;
    const failed = await fixture.billing.reconcile.execute({}).catch((error: unknown) => error);
    expect(failed).to.equal(down);
    expect(fixture.payments.count("read")).to.equal(0);
  });

  it("P37 ends after the tenants in hand when it is stopped", async () => {
    await addTenants(50);
    const stopping = new AbortController();
    const outcome = await reconcile({
      signal: stopping.signal,
      onTenant: () => stopping.abort(),
    });
    expect(outcome.complete).to.equal(false);
    expect(outcome.tenants).to.be.within(1, 4);
  });

  it("P37 a run that was stopped is gone on with: tenants that were looked at need no other look", async () => {
    await addListed(40);
    const stopping = new AbortController();
    const first = await reconcile({ signal: stopping.signal, onTenant: () => stopping.abort() });
    expect(first.looked).to.be.within(1, 4);
    fixture.now = at("2026-03-20T12:00:00Z");
    expect(await reconcile()).to.include({ tenants: 40, looked: 40 - first.looked });
    fixture.now = at("2026-03-20T13:00:00Z");
    const reads = fixture.payments.count("read");
    expect(await reconcile()).to.include({ tenants: 40, looked: 0, drifted: 0, complete: true });
    expect(fixture.payments.count("read")).to.equal(reads);
    expect(await reconcile({ thorough: true })).to.include({ looked: 40, drifted: 0 });
  });

  it("P37 two runs at once share the looks, but for those that both have in hand", async () => {
    await addListed(40);
    let now = +at("2026-03-20T12:00:00Z");
    const clock = () => {
      now += 1;
      return new Date(now);
    };
    const ticking = fixture.process({ clock });
    const runs = await Promise.all([1, 2].map(() => ticking.reconcile.execute({})));
    const looked = runs.map((run) => (run.type === "reconciled" ? run.looked : expect.fail()));
    expect(looked.reduce((sum, count) => sum + count, 0)).to.be.within(40, 80);
  });

  it("P37 a list that shows something twice, or not at all, costs a look and nothing else", async () => {
    const [twice = "", never = ""] = await addListed(10);
    await reconcile();
    const { live } = fixture.records;
    fixture.records.live = [...live, ...live].filter(
      ({ tenantId }, place) => tenantId !== never && (place < 10 || tenantId === twice),
    );
    fixture.now = at("2026-03-20T12:00:00Z");
    expect(await reconcile()).to.include({ tenants: 10, looked: 2, drifted: 0, failed: 0 });
  });

  it("P37 tells how far it has read the lists, and ends quietly where it is stopped there", async () => {
    await addListed(1_200);
    const told: number[] = [];
    const stopping = new AbortController();
    const outcome = await reconcile({
      signal: stopping.signal,
      onListed: (objects) => {
        told.push(objects);
        stopping.abort();
        fixture.records.failure = down;
      },
    });
    expect(told).to.deep.equal([1_000]);
    expect(outcome).to.include({ tenants: 0, complete: false });
  });

  it("P37 compares one tenant, found by its customer's name where it is lost", async () => {
    await addTenants(2);
    await addTenant("tenant_lost", { known: false });
    expect((await reconcile({ tenantId: "tenant_1001" })).tenants).to.equal(1);
    expect((await reconcile({ tenantId: "tenant_lost" })).tenants).to.equal(1);
    expect((await fixture.account("tenant_lost"))?.customerId).to.equal("cus_tenant_lost");
    expect((await reconcile({ tenantId: "tenant_nobody" })).tenants).to.equal(0);
    expect((await fixture.account("tenant_1000"))?.subscription).to.equal(null);
  });

  it("P37 since a time: tenants that events name, each once, the lost ones too", async () => {
    await addTenants(3);
    await addTenant("tenant_lost", { known: false });
    const event = (id: string, tenantId: string, createdAt: string) =>
      sampleEvent({ id, customerId: `cus_${tenantId}`, createdAt: at(createdAt) });
    fixture.packs.customers.set("refund", "cus_tenant_1002");
    fixture.records.happened = [
      event("evt_5", "tenant_1001", "2026-03-14"),
      event("evt_4", "tenant_lost", "2026-03-14"),
      event("evt_3", "tenant_1001", "2026-03-14"),
      { ...sampleEvent({ id: "evt_2", customerId: null }), payload: "refund" },
      event("evt_1", "tenant_1000", "2026-03-01"),
    ];
    await reconcile({ since: at("2026-03-10") });
    expect(seen()).to.deep.equal(["tenant_1001", "tenant_1002", "tenant_lost"]);
  });

  it("P37 since a time: what cannot be read of one event ends none of the others, and is told", async () => {
    await addTenants(2);
    const spoiled = new PortError('Cannot read payment "pi_1"', { transient: false });
    const { accounts } = fixture.store;
    fixture.packs.customers.set("refund", spoiled);
    const findByCustomer = accounts.findByCustomer.bind(accounts);
    accounts.findByCustomer = async (customerId) => {
      if (customerId === "cus_spoiled") {
        throw new PortError("Cannot read an account", { transient: false });
      }
      return await findByCustomer(customerId);
    };
    const event = (id: string, customerId: string | null, payload = "{}") => ({
      ...sampleEvent({ id, customerId, createdAt: at("2026-03-14") }),
      payload,
    });
    fixture.records.happened = [
      event("evt_4", null, "refund"),
      event("evt_3", "cus_tenant_1000"),
      event("evt_2", "cus_spoiled"),
      event("evt_1", "cus_tenant_1001"),
    ];
    const { failures, complete } = await reconcile({ since: at("2026-03-10") });
    expect(seen()).to.deep.equal(["tenant_1000", "tenant_1001"]);
    expect(failures).to.deep.equal([
      'Cannot follow event "evt_4": Cannot read payment "pi_1"',
      'Cannot follow event "evt_2": Cannot read an account',
    ]);
    expect(complete).to.equal(true);
  });

  it("refuses a time for which the provider has no events any more", async () => {
    const outcome = await fixture.billing.reconcile.execute({ since: at("2026-02-01") });
    expect(outcome).to.deep.equal({
      type: "since_too_early",
      earliest: new Date(fixture.now.getTime() - 30 * 86_400_000),
    });
  });

  it("P37 takes undelivered events in at the end, except for one tenant, or in a dry run", async () => {
    await addTenant("clacme0001");
    fixture.records.happened = [sampleEvent({ customerId: "cus_clacme0001" })];
    fixture.records.undelivered.add("evt_one");
    expect((await reconcile({ tenantId: "clacme0001" })).events).to.equal(0);
    expect((await reconcile({ dryRun: true })).events).to.equal(1);
    expect(await fixture.store.inbox.find("evt_one")).to.equal(undefined);
    expect((await reconcile()).events).to.equal(1);
    expect(await fixture.store.inbox.find("evt_one")).to.deep.include({ state: "received" });
  });
});
