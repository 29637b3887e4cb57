import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { TenantEndedError } from "../../../src/application/ports/tenant_ended_error.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleSubscription } from "../../samples/subscription.ts";

const WISH = { tenantId: TENANT, when: "now", refund: true, redact: "delete" } as const;

describe("EndTenant", () => {
  const fixture = useBilling();
  const end = (changes: object = {}) => fixture.billing.endTenant.execute({ ...WISH, ...changes });

  it("P44 a dry run tells all and changes nothing", async () => {
    await fixture.addSubscriber();
    await fixture.billing.synchronizeTenant.execute({ tenantId: TENANT });
    const outcome = await end({ dryRun: true });
    expect(outcome).to.deep.include({ type: "ended", refundProblem: null });
    expect(outcome.type === "ended" && outcome.subscriptionIds).to.have.length(1);
    expect((await fixture.store.accounts.find(TENANT))?.ending).to.equal(null);
    expect(fixture.payments.count("cancelSubscription")).to.equal(0);
  });

  it("P44 cancels, gives back, removes, and stays harmless when repeated", async () => {
    await fixture.addSubscriber();
    await fixture.billing.synchronizeTenant.execute({ tenantId: TENANT });
    const first = await end();
    expect(first.type === "ended" && first.ending).to.include({ when: "now", redact: "delete" });
    expect(fixture.payments.count("cancelSubscription")).to.equal(1);
    expect(fixture.payments.count("refundPart")).to.equal(1);
    expect(fixture.payments.customers.get("cus_one")?.deleted).to.equal(true);
    const ending = (await fixture.store.accounts.find(TENANT))?.ending;
    fixture.now = new Date(+fixture.now + 60_000);
    await end({ refund: false, redact: null, when: "period_end" });
    expect((await fixture.store.accounts.find(TENANT))?.ending).to.deep.equal(ending);
  });

  it("P44 empties or deletes the customer, as it is asked; once deleted, it stays so", async () => {
    await fixture.addSubscriber();
    await fixture.billing.synchronizeTenant.execute({ tenantId: TENANT });
    const asked = async (redact: "empty" | "delete" | null) => {
      const outcome = await end({ redact });
      const deleted = fixture.payments.customers.get("cus_one")?.deleted;
      const count = fixture.payments.count("redactCustomer");
      return [outcome.type === "ended" && outcome.ending.redact, deleted, count];
    };
    expect(await asked(null)).to.deep.equal([null, false, 0]);
    expect(await asked("empty")).to.deep.equal(["empty", false, 1]);
    expect(await asked(null)).to.deep.equal(["empty", false, 2]);
    expect(await asked("delete")).to.deep.equal(["delete", true, 3]);
    expect((await asked("empty"))[0]).to.equal("delete");
  });

  it("P44 a refund that is refused prevents nothing else", async () => {
    await fixture.addSubscriber();
    await fixture.billing.synchronizeTenant.execute({ tenantId: TENANT });
    fixture.payments.before("refundPart", () => {
      throw new PortError("Cannot refund: it is too old", { transient: false });
    });
    expect(await end()).to.include({ refundProblem: "Cannot refund: it is too old" });
    expect(fixture.payments.customers.get("cus_one")?.deleted).to.equal(true);
  });

  for (const redact of [null, "delete"] as const) {
    it(`P41 names a refund that is refused until the money went back (${redact})`, async () => {
      await fixture.addSubscriber();
      await fixture.billing.synchronizeTenant.execute({ tenantId: TENANT });
      const refuse = () => {
        throw new PortError("Cannot refund: it is too old", { transient: false });
      };
      const named = async () => {
        await fixture.billing.synchronizeTenant.execute({ tenantId: TENANT });
        const { items } = await fixture.billing.listAttention.execute({ limit: 9 });
        return items.map(({ id }) => id);
      };
      fixture.payments.kept.set("in_one", 0);
      fixture.payments.before("refundPart", refuse);
      await end({ redact: null });
      expect(await named(), "given back by hand").to.deep.equal([]);
      fixture.payments.kept.set("in_one", 3_000);
      fixture.payments.before("refundPart", refuse);
      const outcome = await end({ redact });
      expect(await named()).to.deep.equal([`refund_failed:${TENANT}:in_one`]);
      const refund = outcome.type === "ended" ? outcome.ending.refund : null;
      fixture.payments.kept.set("in_one", 3_000 - (refund?.amount ?? 0));
      if (redact === null) {
        expect(await named(), "given back").to.deep.equal([]);
      }
    });
  }

  it("P44 ends a tenant that never paid, but none that nobody knows", async () => {
    expect(await end()).to.deep.equal({ type: "unknown" });
    const { billing } = fixture;
    await billing.consumeEmailQuota.execute({ tenantId: TENANT, count: 1 });
    expect(await end()).to.deep.include({ subscriptionIds: [], checkoutIds: [] });
    for (const refused of [
      () => billing.consumeEmailQuota.execute({ tenantId: TENANT, count: 1 }),
      () => billing.spendTokens.execute({ tenantId: TENANT, key: "a", tokens: 1 }),
      () => billing.resumeSpending.execute({ tenantId: TENANT, reason: "asked", operator: "Ada" }),
    ]) {
      const error = await refused().catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(TenantEndedError);
    }
    const { type } = await billing.releaseEmailQuota.execute({ tenantId: TENANT, key: "none" });
    expect(type).to.equal("unknown_key");
  });

  it("P44 what the tenant resumes at the provider is cancelled again, so that it pays for nothing", async () => {
    await fixture.addSubscriber();
    const { billing, payments } = fixture;
    await billing.synchronizeTenant.execute({ tenantId: TENANT });
    await end({ when: "period_end", refund: false, redact: null });
    expect(payments.count("cancelAtPeriodEnd")).to.equal(1);
    payments.setTruth("cus_one", { subscriptions: [sampleSubscription()], invoices: [] });
    await billing.synchronizeTenant.execute({ tenantId: TENANT });
    await billing.synchronizeTenant.execute({ tenantId: TENANT });
    expect(payments.count("cancelAtPeriodEnd")).to.equal(2);
  });

  it("P44 previews nothing for it, as nothing is sold to it", async () => {
    await fixture.addSubscriber();
    await end({ when: "period_end", refund: false, redact: null });
    const wish = { tenantId: TENANT, planSlug: "business", interval: "month" } as const;
    const error = await fixture.billing.previewCheckout.execute(wish).catch((thrown) => thrown);
    expect(error).to.be.instanceOf(TenantEndedError);
  });

  it("P38 P44 the audit trail tells who ended it, and how", async () => {
    const { billing } = fixture;
    await billing.consumeEmailQuota.execute({ tenantId: TENANT, count: 1 });
    await billing.causes.run({ type: "operator", name: "Ada" }, () => end());
    const [entry] = await fixture.store.audit.list(TENANT, { limit: 1 });
    expect(entry?.cause).to.deep.equal({ type: "operator", name: "Ada" });
    expect(entry?.fields.map(({ field }) => field)).to.include.members([
      "ending.at",
      "ending.when",
    ]);
  });
});
