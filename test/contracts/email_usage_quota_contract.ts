import { expect } from "chai";
import type { EmailUsageStore } from "../../src/application/ports/quota/email_usage_store.ts";
import { TENANT } from "../samples/account.ts";
import { afterNow, NEXT_MONTH, THIS_MONTH } from "../samples/dates.ts";
import { consumed, sampleDecide, sampleDecision, used } from "../samples/quota.ts";
import { type Current, inParallel, it } from "./contract_subject.ts";

/** Declares what `refresh` promises. */
export function describeQuotas(current: Current<EmailUsageStore>): void {
  const april = { period: NEXT_MONTH, accountRevision: 4 };

  it("P33 refresh begins with nothing used, and keeps every field", async () => {
    const { store, another } = current();
    const expected = { tenantId: TENANT, ...sampleDecision(), used: 0 };
    expect(await store.refresh(TENANT, sampleDecide())).to.deep.equal(expected);
    expect(await another.find(TENANT)).to.deep.equal(expected);
    const unlimited = sampleDecide({ limit: null, decidedAt: afterNow(1) });
    expect(await store.refresh(TENANT, unlimited)).to.have.property("limit", null);
  });

  it("P24 refresh raises the limit at once, never lowers it, and what is used stays", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecide());
    await consumed(store, 110);
    const upgraded = await store.refresh(
      TENANT,
      sampleDecide({ limit: 200, decidedAt: afterNow(1) }),
    );
    expect(upgraded).to.include({ limit: 200, used: 110 });
    expect(await consumed(store, 111)).to.equal(null);
    expect(await consumed(store, 110)).to.equal(220);
    const lowered = await store.refresh(
      TENANT,
      sampleDecide({ limit: 10, decidedAt: afterNow(2) }),
    );
    expect(lowered).to.include({ limit: 200, used: 220 });
    expect(await consumed(store, 1)).to.equal(null);
    await store.refresh(TENANT, sampleDecide({ limit: null, decidedAt: afterNow(3) }));
    expect(await consumed(store, 1)).to.equal(221);
  });

  it("P33 refresh begins another month with nothing used", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecide());
    await consumed(store, 70);
    const expected = { tenantId: TENANT, ...sampleDecision(april), used: 0 };
    expect(await store.refresh(TENANT, sampleDecide(april))).to.deep.equal(expected);
    expect(await store.find(TENANT)).to.deep.equal(expected);
    expect(await consumed(store, 110)).to.equal(110);
  });

  it("P25 refresh goes on where a month had been left that was in force before", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecide());
    await consumed(store, 70);
    await store.refresh(TENANT, sampleDecide(april));
    await consumed(store, 5);
    const back = { accountRevision: 5, decidedAt: NEXT_MONTH.start };
    expect(await store.refresh(TENANT, sampleDecide(back))).to.include({ used: 70 });
    expect(await consumed(store, 41)).to.equal(null);
    const again = sampleDecide({ ...april, accountRevision: 6 });
    expect(await store.refresh(TENANT, again)).to.include({ used: 5 });
  });

  for (const [fact, older] of [
    ["account", { accountRevision: 2, catalogRevision: 9, decidedAt: NEXT_MONTH.start }],
    ["catalogue", { catalogRevision: 1, decidedAt: NEXT_MONTH.start }],
    ["moment", { decidedAt: afterNow(-1) }],
  ] as const) {
    it(`P10 refresh keeps a decision that was made on a newer ${fact}`, async () => {
      const { store } = current();
      await store.refresh(TENANT, sampleDecide());
      await consumed(store, 7);
      for (const period of [THIS_MONTH, NEXT_MONTH]) {
        const slow = sampleDecide({ ...older, period, limit: 5_000 });
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
    await store.refresh(TENANT, sampleDecide());
    await consumed(store, 7);
    expect(await store.refresh(TENANT, sampleDecide())).to.include({ used: 7 });
    await store.refresh(TENANT, sampleDecide(april));
    await consumed(store, 3);
    expect(await store.refresh(TENANT, sampleDecide(april))).to.include({ used: 3 });
  });

  it("P33 refresh of 30 processes at once ends at the newest decision", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecide({ limit: 0 }));
    await inParallel({ store, another }, 30, (connection, index) =>
      connection.refresh(
        TENANT,
        sampleDecide({
          accountRevision: 4 + ((index * 7) % 30),
          period: index % 3 === 0 ? NEXT_MONTH : THIS_MONTH,
          decidedAt: NEXT_MONTH.start,
          limit: (index * 7) % 30,
        }),
      ),
    );
    const name = `sub_1:${THIS_MONTH.start.toISOString()}`;
    expect(await store.find(TENANT)).to.include({ accountRevision: 33, limit: 29, month: name });
  });

  it("findMonths answers what refresh has made of them, and what was counted since", async () => {
    const { store, another } = current();
    expect(await store.findMonths(TENANT)).to.equal(undefined);
    await store.refresh(TENANT, sampleDecide());
    await consumed(store, 70);
    await store.refresh(TENANT, sampleDecide(april));
    await consumed(store, 5);
    const months = await another.findMonths(TENANT);
    expect(months?.usage.months.map(({ own }) => own)).to.deep.equal([70, 5]);
    expect(months?.basis.accountRevision).to.equal(4);
    expect(await store.refresh(TENANT, (there) => there ?? expect.fail())).to.include({ used: 5 });
    expect(await store.findMonths(TENANT)).to.deep.equal(months);
    await store.refresh("t_other", () => months ?? expect.fail());
    expect(await store.findMonths("t_other")).to.deep.equal(months);
    expect(await used(store)).to.equal(5);
  });
}
