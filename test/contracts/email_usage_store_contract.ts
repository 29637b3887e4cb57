import { expect } from "chai";
import type { EmailUsageStore } from "../../src/application/ports/quota/email_usage_store.ts";
import { TENANT } from "../samples/account.ts";
import { afterNow, NOW, THIS_MONTH } from "../samples/dates.ts";
import { consumed, sampleDecide, sampleDecision, used } from "../samples/quota.ts";
import {
  type Current,
  contract,
  expectPortError,
  inParallel,
  it,
  tally,
} from "./contract_subject.ts";
import { describeKeys } from "./email_usage_key_contract.ts";
import { describeMonths } from "./email_usage_month_contract.ts";
import { describeNews } from "./email_usage_news_contract.ts";
import { describeQuotas } from "./email_usage_quota_contract.ts";

/** The behaviours that every `EmailUsageStore` has. */
export const emailUsageStoreContract = contract<EmailUsageStore>(
  "as EmailUsageStore",
  describeCounting,
  describeKeys,
  describeQuotas,
  describeMonths,
  describeNews,
  (current) => {
    it("P34 every method throws PortError when the database is out of reach", async () => {
      const { unreachable } = current();
      const send = { count: 1, now: NOW };
      await expectPortError(unreachable.find(TENANT));
      await expectPortError(unreachable.findMonths(TENANT));
      await expectPortError(unreachable.consume(TENANT, send));
      await expectPortError(unreachable.consumeOnce(TENANT, { ...send, key: "one" }));
      await expectPortError(unreachable.giveBack(TENANT, { count: 1, periodStart: NOW }));
      await expectPortError(unreachable.release(TENANT, "one", NOW));
      await expectPortError(unreachable.noteRefusal(TENANT, { periodStart: NOW, at: NOW }));
      await expectPortError(unreachable.tenants({ limit: 1 }));
      await expectPortError(unreachable.add(TENANT, 1));
      await expectPortError(unreachable.refresh(TENANT, sampleDecide()));
    });
  },
);

function describeCounting(current: Current<EmailUsageStore>): void {
  it("P31 consume adds to what is used, and answers the record afterwards", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecide());
    expect(await store.consume(TENANT, { count: 3, now: NOW })).to.deep.equal({
      tenantId: TENANT,
      ...sampleDecision(),
      used: 3,
    });
    expect(await consumed(another, 4)).to.equal(7);
    expect(await used(store)).to.equal(7);
  });

  it("P31 consume counts nothing before anything was decided", async () => {
    const { store } = current();
    expect(await consumed(store, 1)).to.equal(null);
    expect(await store.find(TENANT)).to.equal(undefined);
  });

  it("P33 consume counts nothing when the decision does not hold any more", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecide());
    expect(await store.consume(TENANT, { count: 1, now: afterNow(60_000) })).to.equal(undefined);
    expect(await store.consume(TENANT, { count: 1, now: afterNow(59_999) })).to.have.property(
      "used",
      1,
    );
  });

  it("P35 consume and find leave other tenants alone", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecide());
    await store.refresh("t_other", sampleDecide({ limit: 5 }));
    await consumed(store, 10);
    expect(await store.find("t_other")).to.include({ tenantId: "t_other", limit: 5, used: 0 });
    expect(await store.find("clacme000")).to.equal(undefined);
  });

  for (const [limit, ceiling] of [
    [0, 0],
    [1, 1],
    [9, 9],
    [10, 11],
    [19, 20],
    [100, 110],
  ] as const) {
    it(`P32 consume passes exactly ${ceiling} of a limit of ${limit}`, async () => {
      const { store } = current();
      await store.refresh(TENANT, sampleDecide({ limit }));
      for (let count = 1; count <= ceiling; count += 1) {
        expect(await consumed(store, 1)).to.equal(count);
      }
      expect(await consumed(store, 1)).to.equal(null);
      expect(await used(store)).to.equal(ceiling);
    });
  }

  it("P32 consume never ends where there is no limit, and counts", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecide({ limit: null }));
    for (let round = 1; round <= 30; round += 1) {
      expect(await consumed(store, 100_000)).to.equal(round * 100_000);
    }
  });

  it("P31 consume counts a batch as a whole or not at all", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecide());
    expect(await consumed(store, 108)).to.equal(108);
    expect(await consumed(store, 3)).to.equal(null);
    expect(await used(store)).to.equal(108);
    expect(await consumed(store, 2)).to.equal(110);
  });

  it("P31 consume passes exactly what remains of 200 sends at once", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecide());
    await consumed(store, 50);
    const answers = await inParallel({ store, another }, 200, (connection) =>
      consumed(connection, 1),
    );
    expect(answers.filter((answer) => answer !== null)).to.have.length(60);
    expect(await used(store)).to.equal(110);
  });

  it("P31 consume answers each of many sends at once what is used after it", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecide());
    const answers = await inParallel({ store, another }, 100, (connection) =>
      consumed(connection, 1),
    );
    expect(answers.toSorted((a, b) => Number(a) - Number(b))).to.deep.equal(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });

  it("P31 consume passes batches of all sizes at once up to the ceiling, never over", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecide({ limit: 200 }));
    const sizes = Array.from({ length: 90 }, (_, index) => (index % 9) + 1);
    const answers = await inParallel({ store, another }, 90, async (connection, index) => {
      const count = sizes[index] ?? 0;
      return (await consumed(connection, count)) === null ? 0 : count;
    });
    const total = answers.reduce((sum, count) => sum + count, 0);
    expect(total).to.equal(await used(store));
    expect(total).to.be.within(212, 220);
  });

  it("P31 giveBack makes room for others, in the period it was counted in only", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecide());
    await consumed(store, 110);
    await store.giveBack(TENANT, { count: 10, periodStart: THIS_MONTH.start });
    await store.giveBack(TENANT, { count: 10, periodStart: afterNow(0) });
    expect(await used(store)).to.equal(100);
    expect(await consumed(store, 11)).to.equal(null);
    expect(await consumed(store, 10)).to.equal(110);
  });

  it("P34 add counts over the ceiling, too", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecide());
    await consumed(store, 105);
    await store.add(TENANT, 50);
    expect(await used(store)).to.equal(155);
    expect(await consumed(store, 1)).to.equal(null);
  });

  it("P31 giveBack and consume at once lose nothing", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecide({ limit: 1_000 }));
    await consumed(store, 100);
    const answers = await inParallel({ store, another }, 100, async (connection, index) => {
      if (index % 4 < 2) {
        await connection.giveBack(TENANT, { count: 2, periodStart: THIS_MONTH.start });
        return "back";
      }
      return (await consumed(connection, 3)) === null ? "refused" : "counted";
    });
    expect(tally(answers)).to.deep.equal({ back: 50, counted: 50 });
    expect(await used(store)).to.equal(150);
  });
}
