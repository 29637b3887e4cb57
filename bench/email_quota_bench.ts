/**
 * What counting a send costs, as a ratio to the least that a database can do for it: one
 * `UPDATE` by a prepared statement on the same disk. Each round runs all variants one after the
 * other, and the baseline twice: how far those two differ is how far the figures can be trusted.
 *
 * `node bench/email_quota_bench.ts [sends per round] [rounds]`
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqliteStore } from "../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../src/adapters/stripe/connect_stripe.ts";
import { countableLimits } from "../src/domain/catalog/plan_limits.ts";
import { createBilling, type EmbeddedBilling } from "../src/mod.ts";

const TENANT = "clbench0001";

/** One way to count a send. */
interface Variant {
  readonly name: string;
  send(number: number): unknown;
}

/** CPU time per send of one round, in microseconds. */
async function costOf(variant: Variant, { sends, round }: { sends: number; round: number }) {
  const before = process.cpuUsage();
  for (let number = 0; number < sends; number += 1) {
    await variant.send(round * sends + number);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / sends;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function embedded(path: string, leases: boolean): EmbeddedBilling {
  return createBilling({
    store: openSqliteStore(path),
    payments: connectStripe({ secretKey: "sk_test_bench", webhookSecrets: ["whsec_bench"] }),
    settings: {
      livemode: false,
      dashboardUrl: "https://app.example.com/billing",
      ledgerKeys: [],
      quotaLeases: leases,
    },
  });
}

function baseline(path: string): { send(): void; close(): void } {
  const connection = new DatabaseSync(path);
  connection.exec("PRAGMA journal_mode = wal; PRAGMA synchronous = FULL");
  connection.exec("CREATE TABLE counters (id TEXT PRIMARY KEY, used INTEGER) STRICT");
  connection.exec("INSERT INTO counters VALUES ('one', 0)");
  const update = connection.prepare("UPDATE counters SET used = used + 1 WHERE id = 'one'");
  return { send: () => void update.run(), close: () => connection.close() };
}

async function saveCatalog(path: string): Promise<void> {
  const store = openSqliteStore(path);
  const unlimited = { monthlyEmailLimit: 1e9, ...countableLimits(() => null) };
  const free = { slug: "free", name: "Free", rank: 0, active: true, ...unlimited };
  const plan = { ...free, tokensIncludedMonth: 0, productId: null, prices: [] };
  const portals = { portalConfigurationId: "bpc_home", planChangeConfigurationId: "bpc_change" };
  const catalog = { revision: 0, plans: [plan], packs: [], ...portals };
  await store.catalog.save(catalog);
  await store.close();
}

async function main(sends: number, rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "billing-bench-"));
  const path = join(folder, "billing.db");
  await saveCatalog(path);
  const plain = baseline(join(folder, "baseline.db"));
  const [exact, leased] = [embedded(path, false), embedded(path, true)];
  const counting = (billing: EmbeddedBilling, key?: (number: number) => string) => {
    return (number: number) =>
      billing.consumeEmailQuota.execute({ tenantId: TENANT, count: 1, key: key?.(number) });
  };
  const variants: readonly Variant[] = [
    { name: "baseline: one UPDATE", send: plain.send },
    { name: "baseline again (A/A control)", send: plain.send },
    { name: "a send without a key", send: counting(exact) },
    { name: "a send with a key", send: counting(exact, (number) => `bench ${number}`) },
    { name: "a send from a lease", send: counting(leased) },
  ];
  const costs = variants.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, variant] of variants.entries()) {
      costs[index]?.push(await costOf(variant, { sends, round }));
    }
  }
  const [base = Number.NaN] = costs.map(median);
  for (const [index, { name }] of variants.entries()) {
    const cost = median(costs[index] ?? []);
    process.stdout.write(
      `${name.padEnd(32)} ${cost.toFixed(1).padStart(8)} us CPU  ${(cost / base).toFixed(2)} x\n`,
    );
  }
  plain.close();
  await exact.close();
  await leased.close();
  rmSync(folder, { recursive: true });
}

const [sends = "2000", rounds = "9"] = process.argv.slice(2);
await main(Number(sends), Number(rounds));
