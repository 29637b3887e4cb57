import { expect } from "chai";
import type { Billing } from "../../../src/application/billing.ts";
import { SETTINGS, useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { consume, DOWN, unreliable } from "../../samples/quota.ts";

const LEASING = { ...SETTINGS, quotaLeases: true, quotaLeaseEmails: 50 };

/** Counts a send as a guard does: at once where that is possible. */
async function send(billing: Billing, count = 1): Promise<{ type: string; atOnce: boolean }> {
  const held = billing.consumeEmailQuota.tryConsume({ tenantId: TENANT, count });
  const outcome = held ?? (await consume(billing, { count }));
  return { type: outcome.type, atOnce: held !== undefined };
}

describe("ConsumeEmailQuota.tryConsume", () => {
  const fixture = useBilling();

  it("P31 counts at once from a lease what execute would count", async () => {
    const { billing, close } = fixture.compose({ settings: LEASING });
    await consume(billing);
    const waited = await consume(billing);
    const atOnce = billing.consumeEmailQuota.tryConsume({ tenantId: TENANT, count: 2 });
    expect(waited).to.have.nested.property("quota.used", 2);
    expect(atOnce).to.deep.equal({
      ...waited,
      quota: { ...("quota" in waited && waited.quota), used: 4 },
    });
    expect(await consume(billing)).to.have.nested.property("quota.used", 5);
    expect(billing.consumeEmailQuota.counts()).to.include({ counted: 5, refused: 0 });
    await close();
  });

  it("P31 decides nothing without a lease, with a key, or beyond what is promised", async () => {
    const { billing, close } = fixture.compose({ settings: LEASING });
    const tried = (count: number, key?: string) =>
      billing.consumeEmailQuota.tryConsume({ tenantId: TENANT, count, key });
    expect(tried(1), "before the first send").to.equal(undefined);
    await consume(billing);
    await consume(billing);
    expect(tried(1, "key"), "with a key").to.equal(undefined);
    expect(tried(50), "beyond what is promised").to.equal(undefined);
    expect(tried(1)).to.have.nested.property("quota.used", 3);
    expect(fixture.billing.consumeEmailQuota.tryConsume({ tenantId: TENANT, count: 1 })).to.equal(
      undefined,
    );
    expect(() => tried(0)).to.throw(RangeError);
    await close();
  });

  it("P31 two processes that try first sell exactly what there is, most of it at once", async () => {
    const ceiling = 1_100;
    const processes = [1, 2].map(() => fixture.compose({ settings: LEASING }));
    const sends = await Promise.all(
      processes.map(async ({ billing, close }) => {
        const outcomes = [];
        for (let number = 0; number < ceiling; number += 1) {
          outcomes.push(await send(billing));
        }
        return { outcomes, close };
      }),
    );
    const outcomes = sends.flatMap((process) => process.outcomes);
    expect(outcomes.filter(({ type }) => type === "counted")).to.have.length(ceiling);
    expect(outcomes.filter(({ type }) => type === "exceeded")).to.have.length(ceiling);
    expect(outcomes.filter(({ atOnce }) => atOnce).length).to.be.greaterThan(ceiling / 2);
    expect((await fixture.store.emailUsage.find(TENANT))?.used).to.equal(ceiling);
    await sends[0]?.close();
  });

  it("P34 leaves it to execute while e-mails wait that were sent uncounted", async () => {
    const emailUsage = unreliable(fixture.store.emailUsage);
    const settings = { ...LEASING, quotaWhenStoreFails: "open" as const };
    const store = { ...fixture.store, emailUsage };
    const { billing } = fixture.compose({ store, settings });
    await consume(billing);
    await consume(billing);
    emailUsage.down = true;
    expect(await consume(billing, { count: 3, key: "later" })).to.deep.equal({
      type: "uncounted",
      error: DOWN,
    });
    expect((await send(billing)).atOnce).to.equal(false);
    emailUsage.down = false;
    await consume(billing);
    expect(billing.consumeEmailQuota.counts()).to.include({ countedLater: 3 });
    expect((await send(billing)).atOnce).to.equal(true);
  });
});
