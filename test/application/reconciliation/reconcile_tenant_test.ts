import { expect } from "chai";
import { inTurn } from "../../../src/application/in_turn.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { ReconcileTenant } from "../../../src/application/reconciliation/reconcile_tenant.ts";
import { NO_LEDGER_KEYS } from "../../../src/domain/tokens/ledger_keys.ts";
import { SETTINGS, useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";
import { sampleInvoice, sampleSubscription } from "../../samples/subscription.ts";

const kept = sampleSubscription({ id: "sub_old" });
const newer = sampleSubscription({ id: "sub_new", createdAt: at("2026-03-11") });

describe("ReconcileTenant", () => {
  const fixture = useBilling();

  beforeEach(async () => {
    await fixture.addSubscriber();
  });

  function reconcile(
    command: { dryRun?: boolean; customerId?: string } = {},
    refundDuplicates = true,
  ) {
    const { store, payments, packs } = fixture;
    const tenant = new ReconcileTenant(
      {
        ...store,
        ...fixture.billing,
        ledgerTurns: inTurn(),
        ledgerKeys: NO_LEDGER_KEYS,
        followHead: () => undefined,
        payments,
        packPayments: packs,
        raiseAlert: () => undefined,
        snapshots: payments,
        usage: store.emailUsage,
        leases: store.emailLeases,
        clock: () => fixture.now,
        isClockTrusted: () => true,
      },
      { ...SETTINGS, refundDuplicates },
    );
    return tenant.execute({ tenantId: TENANT, reversals: false, dryRun: false, ...command });
  }

  it("P37 reports status, plan, period and the missing grant, and repairs them with the quota", async () => {
    const { drift } = await reconcile();
    const named = drift.map(({ kind, field }) => `${kind} ${field}`);
    expect(named).to.include.members([
      "status subscription.status",
      "plan subscription.planSlug",
      "period subscription.period.end",
      "paid_period settled.period.end",
      "grant grant:sub_one:2026-03-10T00:00:00.000Z",
    ]);
    expect((await fixture.account())?.subscription?.planSlug).to.equal("pro");
    expect(await fixture.ledger()).to.have.length(1);
    const usage = await fixture.store.emailUsage.find(TENANT);
    expect(usage?.period.end).to.deep.equal(at("2026-04-10"));
    expect((await reconcile()).drift).to.deep.equal([]);
  });

  it("P37 asks the provider for each thing once: its subscriptions with their invoices, and its packs", async () => {
    await reconcile();
    const { payments, packs } = fixture;
    const looks = ["read", "tenantOfCustomer"] as const;
    expect(looks.map((method) => payments.count(method))).to.deep.equal([1, 0]);
    expect(packs.looks).to.equal(1);
  });

  it("P37 a dry run answers the same and leaves account, ledger, quota and trail as they were", async () => {
    const before = await fixture.account();
    const dry = await reconcile({ dryRun: true });
    expect(await fixture.account()).to.deep.equal(before);
    expect(await fixture.ledger()).to.deep.equal([]);
    expect(await fixture.store.emailUsage.find(TENANT)).to.equal(undefined);
    expect(await fixture.store.audit.list(TENANT, { limit: 9 })).to.deep.equal([]);
    expect(await reconcile()).to.deep.equal(dry);
  });

  it("P37 finds a customer that was deleted while nobody listened", async () => {
    await reconcile();
    fixture.payments.customers.set("cus_one", { tenantId: TENANT, deleted: true });
    const { drift } = await reconcile();
    expect(drift.find(({ kind }) => kind === "customer")).to.deep.include({
      ours: "cus_one",
      theirs: null,
    });
    expect(await fixture.account()).to.deep.include({ customerId: null, subscription: null });
  });

  it("P37 links a lost customer, and never replaces another one", async () => {
    await fixture.save({ customerId: null });
    const { drift } = await reconcile({ customerId: "cus_one" });
    expect(drift[0]).to.deep.include({ kind: "customer", ours: null, theirs: "cus_one" });
    await reconcile({ customerId: "cus_other" });
    expect((await fixture.account())?.customerId).to.equal("cus_one");
  });

  it("P18 P37 a dry run names a second live subscription, and neither ends nor refunds it", async () => {
    fixture.payments.setTruth("cus_one", { subscriptions: [kept, newer] });
    fixture.payments.setInvoices("sub_new", [sampleInvoice({ id: "in_new" })]);
    const { drift, undecided } = await reconcile({ dryRun: true });
    expect(drift.find(({ kind }) => kind === "duplicate")?.field).to.equal("duplicates.sub_new");
    expect(undecided).to.deep.equal([]);
    expect(fixture.payments.refunds).to.deep.equal([]);
    expect(fixture.payments.count("cancelSubscription")).to.equal(0);
  });

  it("P18 P37 a run ends it, or leaves it to an operator where the policy says so", async () => {
    const first = sampleInvoice({ id: "in_new", billingReason: "subscription_create" });
    fixture.payments.setTruth("cus_one", { subscriptions: [kept, newer] });
    fixture.payments.setInvoices("sub_new", [first]);
    expect((await reconcile({}, false)).undecided).to.deep.equal(["sub_new"]);
    expect(fixture.payments.refunds).to.deep.equal([]);
    expect((await reconcile()).undecided).to.deep.equal([]);
    expect(fixture.payments.refunds).to.deep.equal(["in_new"]);
    const { drift } = await reconcile();
    expect(drift.filter(({ kind }) => kind === "duplicate")).to.deep.equal([]);
  });

  it("does not claim as drift what an event changed meanwhile", async () => {
    fixture.payments.before("read", async () => {
      await fixture.billing.synchronizeTenant.look({ tenantId: TENANT });
      await fixture.billing.grantMonthlyTokens.execute({ tenantId: TENANT });
    });
    expect((await reconcile()).drift).to.deep.equal([]);
  });

  it("P08 fails as the provider fails", async () => {
    const failure = new PortError("Cannot list: no answer", { transient: true });
    fixture.payments.before("read", () => Promise.reject(failure));
    expect(await reconcile().catch((error: unknown) => error)).to.equal(failure);
  });
});
