import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { sampleAuditEntry, TENANT } from "../../samples/account.ts";

describe("ListAuditEntries", () => {
  const fixture = useBilling();

  const list = (page: { before?: number; limit: number }) =>
    fixture.billing.listAuditEntries.execute({ tenantId: TENANT, ...page });

  it("P38 answers pages from the last change to the first", async () => {
    for (const revision of [1, 2, 5]) {
      await fixture.store.audit.append(sampleAuditEntry(revision, { tenantId: TENANT }));
    }
    const first = await list({ limit: 2 });
    expect(first.entries.map(({ revision }) => revision)).to.deep.equal([5, 2]);
    expect(first.nextBefore).to.equal(2);
    const second = await list({ limit: 2, before: 2 });
    expect(second.entries.map(({ revision }) => revision)).to.deep.equal([1]);
    expect(second.nextBefore).to.equal(null);
  });

  it("P38 shows the change whose entry a crash has prevented", async () => {
    const { tenantId: _, ...lastChange } = sampleAuditEntry(1);
    await fixture.save({ customerId: "cus_one", lastChange });
    const { entries } = await list({ limit: 9 });
    expect(entries).to.deep.equal([{ tenantId: TENANT, ...lastChange }]);
    expect(await list({ limit: 9 })).to.deep.equal({ entries, nextBefore: null });
  });

  it("P38 tells the event that changed the account", async () => {
    await fixture.addCustomer();
    fixture.payments.customers.set("cus_one", { tenantId: TENANT, deleted: true });
    await fixture.billing.handleStripeEvent.execute({ eventId: await fixture.receive() });
    const { entries } = await list({ limit: 9 });
    expect(entries.map(({ cause }) => cause)).to.deep.equal([
      { type: "event", eventId: "evt_one", eventType: "invoice.paid" },
    ]);
  });
});
