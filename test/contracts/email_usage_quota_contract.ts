import { expect } from "chai";
import type { EmailUsageStore } from "../../src/application/ports/quota/email_usage_store.ts";
import { TENANT } from "../samples/account.ts";
import { afterNow, NEXT_MONTH, NOW, THIS_MONTH } from "../samples/dates.ts";
import { consumed, sampleDecision, used } from "../samples/quota.ts";
import { type Current, inParallel } from "./contract_subject.ts";

/** Declares what `refresh` promises. */
export function describeQuotas(current: Current<EmailUsageStore>): void {
  const april = (changes = {}) =>
    sampleDecision({ period: NEXT_MONTH, decidedAt: afterNow(1), accountRevision: 4, ...changes });

  it("P33 refresh begins with nothing used, and keeps every field", async () => {
    const { store, another } = current();
    const decision = sampleDecision();
    const expected = { tenantId: TENANT, ...decision, used: 0 };
    expect(await store.refresh(TENANT, decision)).to.deep.equal(expected);
    expect(await another.find(TENANT)).to.deep.equal(expected);
    const unlimited = sampleDecision({ limit: null, decidedAt: afterNow(1) });
    expect(await store.refresh(TENANT, unlimited)).to.have.property("limit", null);
  });

  it("P33 refresh changes the limit at once, and what is used stays", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecision());
    await consumed(store, 110);
    const upgraded = await store.refresh(
      TENANT,
      sampleDecision({ limit: 200, decidedAt: afterNow(1) }),
    );
    expect(upgraded).to.include({ limit: 200, used: 110 });
    expect(await consumed(store, 111)).to.equal(null);
    expect(await consumed(store, 110)).to.equal(220);
    const downgraded = await store.refresh(
      TENANT,
      sampleDecision({ limit: 10, decidedAt: afterNow(2) }),
    );
    expect(downgraded).to.include({ limit: 10, used: 220 });
    expect(await consumed(store, 1)).to.equal(null);
    await store.refresh(TENANT, sampleDecision({ limit: null, decidedAt: afterNow(3) }));
    expect(await consumed(store, 1)).to.equal(221);
    await store.refresh(TENANT, sampleDecision({ limit: 300, decidedAt: afterNow(4) }));
    expect(await consumed(store, 110)).to.equal(null);
    expect(await consumed(store, 109)).to.equal(330);
  });

  it("P33 refresh begins another period with nothing used", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecision());
    await consumed(store, 70);
    const expected = { tenantId: TENANT, ...april(), used: 0 };
    expect(await store.refresh(TENANT, april())).to.deep.equal(expected);
    expect(await consumed(store, 110)).to.equal(110);
  });

  it("P33 refresh goes on where a period had ended that was in force before", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecision());
    await consumed(store, 70);
    await store.refresh(TENANT, april());
    await consumed(store, 5);
    const back = await store.refresh(TENANT, sampleDecision({ accountRevision: 5 }));
    expect(back).to.include({ used: 70 });
    expect(await consumed(store, 41)).to.equal(null);
    expect(await store.refresh(TENANT, april({ accountRevision: 6 }))).to.include({ used: 5 });
  });

  for (const [fact, older] of [
    ["account", { accountRevision: 2, catalogRevision: 9, decidedAt: afterNow(9) }],
    ["catalogue", { catalogRevision: 1, decidedAt: afterNow(9) }],
    ["moment", { decidedAt: afterNow(-1) }],
  ] as const) {
    it(`P10 refresh keeps a decision that was made on a newer ${fact}`, async () => {
      const { store } = current();
      await store.refresh(TENANT, sampleDecision());
      await consumed(store, 7);
      for (const period of [THIS_MONTH, NEXT_MONTH]) {
        const slow = sampleDecision({ ...older, period, limit: 5_000 });
        expect(await store.refresh(TENANT, slow)).to.deep.equal({
          tenantId: TENANT,
          ...sampleDecision(),
          used: 7,
        });
      }
    });
  }

  it("P33 refresh can be repeated", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecision());
    await consumed(store, 7);
    expect(await store.refresh(TENANT, sampleDecision())).to.include({ used: 7 });
    await store.refresh(TENANT, april());
    await consumed(store, 3);
    expect(await store.refresh(TENANT, april())).to.include({ used: 3 });
  });

  it("P33 refresh of 30 processes at once ends at the newest decision", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecision());
    await inParallel({ store, another }, 30, (connection, index) =>
      connection.refresh(
        TENANT,
        sampleDecision({
          accountRevision: 4 + ((index * 7) % 30),
          period: index % 3 === 0 ? NEXT_MONTH : THIS_MONTH,
          limit: (index * 7) % 30,
        }),
      ),
    );
    expect(await store.find(TENANT)).to.include({ accountRevision: 33, limit: 29 });
  });

  it("P33 a send that races with the next period counts in one of the two", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecision({ limit: 10_000 }));
    const periods = await inParallel({ store, another }, 120, async (connection, index) => {
      if (index === 60) {
        await connection.refresh(TENANT, april({ limit: 10_000 }));
        return "refresh";
      }
      const send = { key: `key ${index}`, count: 1, now: NOW };
      const keyed = index % 4 === 0 ? await connection.consumeOnce(TENANT, send) : undefined;
      const usage =
        keyed === undefined
          ? await connection.consume(TENANT, { count: 1, now: NOW })
          : "usage" in keyed && keyed.usage;
      return usage ? usage.period.start.toISOString() : "refused";
    });
    const counted = (start: Date) =>
      periods.filter((answer) => answer === start.toISOString()).length;
    expect(await used(store)).to.equal(counted(NEXT_MONTH.start));
    const back = await store.refresh(TENANT, sampleDecision({ accountRevision: 5 }));
    expect(back.used).to.equal(counted(THIS_MONTH.start));
  });
}
