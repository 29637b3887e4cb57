import { expect } from "chai";
import { SETTINGS, useBilling } from "../../rig/billing_fixture.ts";
import { turnsDuring } from "../../rig/turns_during.ts";
import { at } from "../../samples/dates.ts";

const TENANTS = 400;
/** Calls that one turn may answer at most. */
const MOST_CALLS = 50;
/** Writes that one turn may run at once, and one that waits for its end. */
const MOST_WRITES = 5;

describe("turns of the event loop on SQLite", () => {
  const fixture = useBilling();
  const tenants = Array.from({ length: TENANTS }, (_, index) => `t_tenant_${index}`);

  beforeEach(async () => {
    const { grantMonthlyTokens } = fixture.billing;
    await Promise.all(tenants.map((tenantId) => grantMonthlyTokens.execute({ tenantId })));
  });

  it("others get them while a sweep finds nothing due", async () => {
    const { sweepMonthlyTokens } = fixture.billing;
    const sweep = () => sweepMonthlyTokens.execute({ limit: TENANTS });
    expect(await turnsDuring(sweep)).to.be.at.least(TENANTS / MOST_CALLS - 1);
  });

  it("others get them while a sweep begins months, a few to each", async () => {
    fixture.now = at("2026-04-02");
    const { sweepMonthlyTokens } = fixture.billing;
    const sweep = () => sweepMonthlyTokens.execute({ limit: TENANTS });
    expect(await turnsDuring(sweep)).to.be.at.least(TENANTS / MOST_WRITES);
  });

  it("others get them while what is due of events is written", async () => {
    for (let number = 0; number < 50; number += 1) {
      await fixture.receive({ id: `evt_${number}`, type: "payout.paid" });
    }
    fixture.advance(60_000);
    const work = () => fixture.billing.handleDueEvents.execute({ limit: 50 });
    expect(await turnsDuring(work)).to.be.at.least(
      (50 * 2) / SETTINGS.workerConcurrency / MOST_WRITES,
    );
  });

  it("others get them while ledgers are verified, and while all accounts are read", async () => {
    const verify = () => fixture.billing.verifyLedgers.execute({});
    expect(await turnsDuring(verify)).to.be.at.least(TENANTS / MOST_CALLS - 1);
    await Promise.all(tenants.map((tenantId) => fixture.save({ customerId: null }, tenantId)));
    const read = async () => {
      for (const tenantId of tenants) {
        await fixture.store.accounts.find(tenantId);
      }
    };
    expect(await turnsDuring(read)).to.be.at.least(TENANTS / MOST_CALLS - 1);
  });

  it("nobody waits for more than a turn with a single call", async () => {
    const read = () => fixture.store.accounts.find("t_tenant_1");
    expect(await turnsDuring(read)).to.be.at.most(1);
  });
});
