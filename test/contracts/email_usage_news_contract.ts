import { expect } from "chai";
import type { EmailUsageStore } from "../../src/application/ports/quota/email_usage_store.ts";
import { TENANT } from "../samples/account.ts";
import { afterNow, NEXT_MONTH, NOW, THIS_MONTH } from "../samples/dates.ts";
import { consumed, sampleDecide, sampleDecision } from "../samples/quota.ts";
import { type Current, inParallel, it } from "./contract_subject.ts";

/** Declares what is kept of months for those who are told of them. */
export function describeNews(current: Current<EmailUsageStore>): void {
  const refusal = (seconds: number, periodStart = THIS_MONTH.start) => ({
    periodStart,
    at: afterNow(1_000 * seconds),
  });
  const april = sampleDecide({ period: NEXT_MONTH, accountRevision: 4 });
  const raised = sampleDecide({ limit: 1_000, accountRevision: 4, decidedAt: afterNow(1) });

  it("P32 the first refusal of the month in force is noted, and no other", async () => {
    const { store, another } = current();
    await store.noteRefusal(TENANT, refusal(1));
    expect(await store.find(TENANT), "nothing was decided").to.equal(undefined);
    await store.refresh(TENANT, sampleDecide());
    await store.noteRefusal(TENANT, refusal(2, NEXT_MONTH.start));
    expect((await store.find(TENANT))?.refusedAt).to.equal(null);
    await store.noteRefusal(TENANT, refusal(3));
    await another.noteRefusal(TENANT, refusal(4));
    expect((await another.find(TENANT))?.refusedAt).to.deep.equal(afterNow(3_000));
    expect((await store.findMonths(TENANT))?.refusedAt).to.deep.equal(afterNow(3_000));
    expect(await store.consume(TENANT, { count: 1, now: NOW })).to.deep.equal({
      tenantId: TENANT,
      ...sampleDecision(),
      used: 1,
      refusedAt: afterNow(3_000),
    });
  });

  it("P32 what a month was is marked when another one comes into force", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecide());
    expect((await store.findMonths(TENANT))?.marks).to.deep.equal([]);
    await consumed(store, 90);
    await store.noteRefusal(TENANT, refusal(3));
    expect(await another.refresh(TENANT, april)).to.include({ used: 0, refusedAt: null });
    const mark = {
      ...THIS_MONTH,
      number: 1,
      name: sampleDecision().month,
      limit: 100,
      used: 90,
      refusedAt: afterNow(3_000),
      at: NEXT_MONTH.start,
    };
    expect((await store.findMonths(TENANT))?.marks).to.deep.equal([mark]);
    await store.refresh(TENANT, april);
    expect((await store.findMonths(TENANT))?.marks).to.deep.equal([mark]);
  });

  it("P32 what a month was is marked when its limit grows; its refusal stays", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecide());
    await consumed(store, 90);
    await store.noteRefusal(TENANT, refusal(0));
    await store.refresh(TENANT, raised);
    const months = await store.findMonths(TENANT);
    expect(months?.refusedAt).to.deep.equal(NOW);
    expect(months?.marks.map(({ number, limit, used }) => [number, limit, used])).to.deep.equal([
      [1, 100, 90],
    ]);
    expect(await consumed(store, 1_010)).to.equal(1_100);
  });

  it("P32 a mark says all that was counted under it, however many count at once", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecide());
    const counted = await inParallel({ store, another }, 40, async (connection, index) => {
      if (index === 20) {
        await connection.refresh(TENANT, raised);
      }
      const send = { key: `key ${index}`, count: 1, now: NOW };
      const counted = await connection.consumeOnce(TENANT, send);
      return counted.type === "counted" ? counted.usage.limit : null;
    });
    const [mark] = (await store.findMonths(TENANT))?.marks ?? [];
    expect(mark?.used).to.equal(counted.filter((limit) => limit === 100).length);
  });

  it("P32 a refusal that is noted while the months change is not lost", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecide());
    await Promise.all([
      store.refresh(TENANT, raised),
      another.noteRefusal(TENANT, refusal(0)),
      store.refresh(TENANT, raised),
    ]);
    expect((await store.find(TENANT))?.refusedAt).to.deep.equal(NOW);
  });
}
