import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import type { EmailUsageStore } from "../../../src/application/ports/quota/email_usage_store.ts";
import { temporaryFolder } from "../../rig/temporary_folder.ts";
import { useFresh } from "../../rig/use_fresh.ts";
import { TENANT } from "../../samples/account.ts";
import { NOW } from "../../samples/dates.ts";
import { sampleDecide } from "../../samples/quota.ts";

const DAY_MS = 86_400_000;
/** The sends between two steps of the walk; a step may come so much later. */
const BETWEEN_STEPS = 100;

describe("forgetting sends under a key on SQLite", () => {
  const opened = useFresh(async () => {
    const folder = temporaryFolder();
    const path = join(folder.path, "billing.db");
    const stores = [openSqliteStore(path), openSqliteStore(path)];
    const raw = new DatabaseSync(path);
    const close = async () => {
      raw.close();
      await Promise.all(stores.map((store) => store.close()));
      folder.remove();
    };
    return { path, stores, raw, close };
  });

  const dayAfter = (days: number, ms = 0) => new Date(+NOW + days * DAY_MS + ms);

  /** Puts a period of one day in force, so that its sends are forgotten a day after it. */
  async function beginDay(usage: EmailUsageStore, day: number, tenant = TENANT): Promise<void> {
    const period = { start: dayAfter(day), end: dayAfter(day + 1) };
    const decision = { period, decidedAt: period.start, validUntil: period.end, limit: null };
    await usage.refresh(tenant, sampleDecide(decision));
  }

  /** How many sends there are, and how many of them are remembered at that time. */
  function kept(now: Date): { all: number; live: number } {
    const sql = `SELECT count(*) AS "all", count(*) FILTER (WHERE expires_at > ${+now}) AS live
      FROM email_sends`;
    const { all, live } = opened.raw.prepare(sql).get() ?? {};
    return { all: Number(all), live: Number(live) };
  }

  const sendsOf = (day: number) => [300, 300, 100, 20, 450, 150][day % 6] ?? 0;

  for (const processes of [1, 2]) {
    it(`keeps a third more than is remembered, at most, with ${processes} that send`, async () => {
      let most = 0;
      let number = 0;
      for (let day = 0; day < 12; day += 1) {
        const tenant = `${TENANT}${day % 3}`;
        for (let send = 0; send < sendsOf(day); send += 1) {
          const store = opened.stores[number % processes] ?? expect.fail();
          if (send === 0) {
            await beginDay(store.emailUsage, day, tenant);
          }
          const now = dayAfter(day, 1_000 * send);
          number += 1;
          const key = `${(number * 7_919) % 100_003}`;
          const counted = await store.emailUsage.consumeOnce(tenant, { key, count: 1, now });
          expect(counted.type).to.equal("counted");
          if (number % 20 === 0) {
            const { all, live } = kept(now);
            most = Math.max(most, live);
            expect(all).to.be.at.most((4 / 3) * most + processes * BETWEEN_STEPS);
          }
        }
      }
      expect(number).to.be.greaterThan(3 * most);
      expect(kept(dayAfter(11)).live, "what is remembered is kept").to.equal(450 + 150);
    });
  }

  it("a process that sends once has forgotten, too", async () => {
    const [first] = opened.stores;
    const usage = first?.emailUsage ?? expect.fail();
    await beginDay(usage, 0);
    for (let send = 1; send <= 50; send += 1) {
      await usage.consumeOnce(TENANT, { key: `${send}`, count: 1, now: NOW });
    }
    await beginDay(usage, 3);
    const another = openSqliteStore(opened.path);
    await another.emailUsage.consumeOnce(TENANT, { key: "a", count: 1, now: dayAfter(3) });
    await another.close();
    expect(kept(dayAfter(3))).to.deep.equal({ all: 1, live: 1 });
  });

  it("counts a key anew once it is not remembered any more, forgotten or not", async () => {
    const usage = opened.stores[0]?.emailUsage ?? expect.fail();
    const send = (key: string, now: Date) => usage.consumeOnce(TENANT, { key, count: 1, now });
    await beginDay(usage, 0);
    for (const key of ["other", "a"]) {
      expect((await send(key, NOW)).type).to.equal("counted");
    }
    await beginDay(usage, 1);
    expect((await send("a", dayAfter(1))).type).to.equal("repeated");
    await beginDay(usage, 2);
    const anew = await send("a", dayAfter(2));
    expect(anew).to.have.property("type", "counted");
    expect(anew).to.have.nested.property("usage.used", 1);
    expect((await send("a", dayAfter(2, 1))).type).to.equal("repeated");
    expect(kept(dayAfter(2))).to.deep.equal({ all: 2, live: 1 });
  });
});
