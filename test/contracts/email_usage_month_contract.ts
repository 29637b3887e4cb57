import { expect } from "chai";
import type { EmailLeaseStore } from "../../src/application/ports/quota/email_lease_store.ts";
import type { EmailUsageStore } from "../../src/application/ports/quota/email_usage_store.ts";
import { decideEmailMonths } from "../../src/domain/quota/email_months.ts";
import { emailPeriods } from "../../src/domain/quota/email_periods.ts";
import type { UsageMonths } from "../../src/domain/quota/usage_months.ts";
import { addMonths } from "../../src/domain/subscription/billing_period.ts";
import { TENANT } from "../samples/account.ts";
import { afterNow, NEXT_MONTH, NOW, THIS_MONTH } from "../samples/dates.ts";
import {
  consumed,
  sampleDecide,
  sampleDecision,
  sampleLook,
  sampleMonth,
  used,
} from "../samples/quota.ts";
import { type Current, inParallel, it } from "./contract_subject.ts";

/** Half of March is credited by the month that begins then. */
const HALF = new Date((+THIS_MONTH.start + +THIS_MONTH.end) / 2);
const UPGRADED = { start: HALF, end: new Date("2026-04-16T12:00:00.000Z") };

/** Declares what becomes of e-mails from month to month. */
export function describeMonths(current: Current<EmailUsageStore>): void {
  const april = sampleDecide({ period: NEXT_MONTH, accountRevision: 4 });
  const marchAgain = sampleDecide({ accountRevision: 5, decidedAt: NEXT_MONTH.start });
  const keyed = (key: string, count: number) => ({ key, count, now: NOW });

  /** March with 100 e-mails, `march` of them sent; then the upgrade's month with 1,000. */
  async function upgraded(store: EmailUsageStore, march: () => unknown): Promise<void> {
    await store.refresh(TENANT, sampleDecide());
    await march();
    expect(await store.refresh(TENANT, upgrade)).to.include({ limit: 1_000 });
  }

  it("P24 a month inherits what was used of the credited one beyond its paid share", async () => {
    const { store } = current();
    await upgraded(store, () => consumed(store, 110));
    expect(await used(store)).to.equal(60);
    expect(await consumed(store, 1_041)).to.equal(null);
    expect(await consumed(store, 1_040)).to.equal(1_100);
  });

  it("P24 a month inherits nothing where the paid share was not used up", async () => {
    const { store } = current();
    await upgraded(store, () => consumed(store, 50));
    expect(await used(store)).to.equal(0);
  });

  it("P31 a send of a month that was left is given back to whoever inherited it", async () => {
    const { store, another } = current();
    await upgraded(store, () => store.consumeOnce(TENANT, keyed("a", 80)));
    await consumed(store, 5);
    expect(await used(store)).to.equal(35);
    expect(await another.release(TENANT, "a", NOW)).to.equal("released");
    expect(await used(store)).to.equal(5);
    expect(await store.release(TENANT, "a", NOW)).to.equal("already_released");
    expect(await used(store)).to.equal(5);
    expect(await consumed(store, 1_096)).to.equal(null);
    expect(await consumed(store, 1_095)).to.equal(1_100);
  });

  it("P31 giveBack of a month that was left goes to whoever inherited it, as far", async () => {
    const { store } = current();
    await upgraded(store, () => consumed(store, 80));
    await store.giveBack(TENANT, { count: 10, periodStart: THIS_MONTH.start });
    expect(await used(store)).to.equal(20);
    await store.giveBack(TENANT, { count: 60, periodStart: THIS_MONTH.start });
    expect(await used(store)).to.equal(0);
    expect(ownOf(await months(store))).to.deep.equal([10, 0]);
    await store.giveBack(TENANT, { count: 10, periodStart: afterNow(5) });
    expect(ownOf(await months(store))).to.deep.equal([10, 0]);
  });

  it("P31 a month in force keeps what it inherited when its own sends are given back", async () => {
    const { store } = current();
    await upgraded(store, () => consumed(store, 80));
    await store.consumeOnce(TENANT, keyed("own", 7));
    await consumed(store, 3);
    await store.giveBack(TENANT, { count: 3, periodStart: UPGRADED.start });
    await store.release(TENANT, "own", NOW);
    expect(await used(store)).to.equal(30);
    expect(ownOf(await months(store))).to.deep.equal([80, 0]);
  });

  it("P31 a send of a month without an heir comes back with that month", async () => {
    const { store } = current();
    await store.refresh(TENANT, sampleDecide());
    await store.consumeOnce(TENANT, keyed("a", 30));
    await consumed(store, 20);
    await store.refresh(TENANT, april);
    await consumed(store, 9);
    expect(await store.release(TENANT, "a", NOW)).to.equal("released");
    expect(await used(store)).to.equal(9);
    expect(await store.refresh(TENANT, marchAgain)).to.include({ used: 20 });
    expect(ownOf(await months(store))).to.deep.equal([20, 9]);
  });

  it("P31 30 sends of a month that was left are released at once, beside others", async () => {
    const { store, another } = current();
    await upgraded(store, async () => {
      await consumed(store, 50);
      for (let index = 0; index < 30; index += 1) {
        await store.consumeOnce(TENANT, keyed(`key ${index}`, 1));
      }
    });
    expect(await used(store)).to.equal(30);
    await inParallel({ store, another }, 90, async (connection, index) => {
      if (index % 3 === 0) {
        return await connection.release(TENANT, `key ${index / 3}`, NOW);
      }
      return await consumed(connection, 2);
    });
    expect(await used(store)).to.equal(120);
    expect(ownOf(await months(store))).to.deep.equal([50, 120]);
  });

  it("P33 50 sends at the month's edge are each counted in exactly one month", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecide({ limit: 10_000 }));
    const names = await inParallel({ store, another }, 60, async (connection, index) => {
      if (index % 12 === 6) {
        await connection.refresh(TENANT, april);
        return "refresh";
      }
      return await counted(connection, index);
    });
    const sum = (name: string) => names.filter((answer) => answer === name).length;
    const [march, next] = [THIS_MONTH, NEXT_MONTH].map(({ start }) =>
      sum(`sub_1:${start.toISOString()}`),
    );
    expect(ownOf(await months(store))).to.deep.equal([march, next]);
    expect((march ?? 0) + (next ?? 0) + sum("refused")).to.equal(55);
    expect(await store.refresh(TENANT, marchAgain)).to.include({ used: march });
  });

  it("P33 sends, releases and changes of month at once end with every e-mail in its month", async () => {
    const { store, another } = current();
    await store.refresh(TENANT, sampleDecide({ limit: 10_000 }));
    const nets = await inParallel({ store, another }, 80, async (connection, index) => {
      if (index % 10 === 5) {
        const back = index % 20 === 5 ? {} : { period: NEXT_MONTH };
        const facts = { accountRevision: 4 + index, decidedAt: NEXT_MONTH.start, limit: 10_000 };
        await connection.refresh(TENANT, sampleDecide({ ...back, ...facts }));
        return "refresh";
      }
      const name = await counted(connection, index);
      if (index % 4 === 0 && name !== "refused") {
        await connection.release(TENANT, `key ${index}`, NOW);
        return "released";
      }
      return name;
    });
    const sums = [THIS_MONTH, NEXT_MONTH].map(
      ({ start }) => nets.filter((net) => net === `sub_1:${start.toISOString()}`).length,
    );
    const kept = (await months(store))?.months ?? [];
    const own = [THIS_MONTH, NEXT_MONTH].map(
      ({ start }) => kept.find((month) => +month.start === +start)?.own ?? 0,
    );
    expect(own).to.deep.equal(sums);
  });

  it("P33 what was sent in months that are no longer kept stays to be read", async () => {
    const { store, another } = current();
    for (let month = 0; month < 8; month += 1) {
      const period = {
        start: addMonths(THIS_MONTH.start, month),
        end: addMonths(THIS_MONTH.start, month + 1),
      };
      await store.refresh(TENANT, sampleDecide({ period, accountRevision: 4 + month }));
      await store.add(TENANT, month);
    }
    const found = (await another.findMonths(TENANT)) ?? expect.fail("no months");
    expect(found.usage.months.length).to.be.below(6);
    expect(found.history[1]).to.deep.equal({
      start: addMonths(THIS_MONTH.start, 1),
      end: addMonths(THIS_MONTH.start, 2),
      limit: 100,
      used: 1,
    });
    expect(emailPeriods(found).map(({ used }) => used)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  async function counted(connection: EmailUsageStore, index: number): Promise<string> {
    if (index % 4 === 0) {
      const answer = await connection.consumeOnce(TENANT, keyed(`key ${index}`, 1));
      return "usage" in answer ? answer.usage.month : "refused";
    }
    return (await connection.consume(TENANT, { count: 1, now: NOW }))?.month ?? "refused";
  }
}

/** What ends a lease of a month that was left. */
export function describeLeasedMonths(
  current: Current<{ readonly leases: EmailLeaseStore; readonly usage: EmailUsageStore }>,
): void {
  it("P31 what a lease of a month that was left gives back goes to the heir, once", async () => {
    const { leases, usage } = current().store;
    const lease = { size: 40, promised: 10, until: afterNow(1_000), now: NOW };
    await usage.refresh(TENANT, sampleDecide());
    await leases.reserve(TENANT, { ...lease, id: "ended" });
    await leases.reserve(TENANT, { ...lease, id: "abandoned" });
    await usage.refresh(TENANT, upgrade);
    expect(await used(usage)).to.equal(30);
    await leases.end(TENANT, { id: "ended", unused: 20, now: NOW });
    await leases.end(TENANT, { id: "ended", unused: 20, now: NOW });
    expect(await used(usage)).to.equal(10);
    expect(await leases.reclaim(TENANT, afterNow(2_000))).to.equal(1);
    expect(await leases.reclaim(TENANT, afterNow(2_000))).to.equal(0);
    expect(await used(usage)).to.equal(0);
    expect(ownOf(await months(usage))).to.deep.equal([30, 0]);
  });
}

function upgrade(before: Parameters<Parameters<EmailUsageStore["refresh"]>[1]>[0]) {
  const march = sampleMonth(THIS_MONTH, 100, { over: HALF, creditedFrom: HALF });
  const inherits = { month: march.name, creditedFrom: HALF, replaced: [] };
  const month = sampleMonth(UPGRADED, 1_000, { inherits });
  const { accountRevision, catalogRevision, validUntil } = sampleDecision({ accountRevision: 4 });
  const basis = { accountRevision, catalogRevision, validUntil, decidedAt: UPGRADED.start };
  return decideEmailMonths(before, { look: sampleLook(march, month), basis });
}

async function months(store: EmailUsageStore): Promise<UsageMonths | undefined> {
  return (await store.findMonths(TENANT))?.usage;
}

function ownOf(usage: UsageMonths | undefined): readonly number[] {
  return usage?.months.map(({ own }) => own) ?? [];
}
