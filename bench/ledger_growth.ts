/**
 * What reading a balance and spending tokens cost, by the length of the tenant's ledger, as ratios to
 * a ledger of 10 entries in the same run. Every round measures all lengths one after the other, and
 * the baseline twice: how far those two differ is how far the figures can be trusted. On SQLite the
 * cost is CPU time, on MongoDB (where MONGODB_URL names a server) the median time of a call.
 *
 * `node bench/ledger_growth.ts [longest ledger] [rounds] [calls per round]`
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countsOf } from "./method/counts_of.ts";
import { type FilledLedger, fillMongo, fillSqlite } from "./method/filled_ledgers.ts";

const BASELINE = 10;
const LENGTHS = [BASELINE, BASELINE, 100, 1_000, 10_000, 100_000, 1_000_000];
const ACTIONS = ["read", "spend"] as const;

type Meter = (call: () => Promise<unknown>, calls: number) => Promise<number>;

const { longest, rounds, calls } = countsOf({ longest: 1_000_000, rounds: 15, calls: 300 });

/** CPU time per call, in microseconds. */
async function cpuTime(call: () => Promise<unknown>, count: number): Promise<number> {
  const before = process.cpuUsage();
  for (let number = 0; number < count; number += 1) {
    await call();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

/** Median time of a call, in microseconds. */
async function medianTime(call: () => Promise<unknown>, count: number): Promise<number> {
  const times: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const start = performance.now();
    await call();
    times.push((performance.now() - start) * 1_000);
  }
  return median(times);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function compare(name: string, ledgers: readonly FilledLedger[], meter: Meter) {
  for (const action of ACTIONS) {
    const costs = ledgers.map((): number[] => []);
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, ledger] of ledgers.entries()) {
        const cost = await meter(() => ledger[action](), calls);
        if (round > 0) {
          costs[index]?.push(cost);
        }
      }
    }
    const [baseline = Number.NaN, ...others] = costs.map(median);
    print(`${name}: ${action}, ${baseline.toFixed(1)} us with ${BASELINE} entries\n`);
    for (const [index, cost] of others.entries()) {
      const entries = ledgers[index + 1]?.entries ?? 0;
      const again = entries === BASELINE ? " (the baseline again)" : "";
      print(`  ${String(entries).padStart(9)} entries: ${(cost / baseline).toFixed(2)}${again}\n`);
    }
  }
}

function print(text: string): void {
  process.stdout.write(text);
}

const lengths = LENGTHS.filter((length) => length <= longest);
const folder = mkdtempSync(join(tmpdir(), "ledger-bench-"));
try {
  const ledgers = await fillSqlite(folder, lengths);
  await compare("SQLite", ledgers, cpuTime);
  await Promise.all(ledgers.map((ledger) => ledger.close()));
  const { MONGODB_URL: url } = process.env;
  if (url === undefined) {
    print("MongoDB: not measured, MONGODB_URL names no server\n");
  } else {
    const stored = await fillMongo(url, lengths);
    await compare("MongoDB", stored, medianTime);
    await Promise.all(stored.map((ledger) => ledger.close()));
  }
} finally {
  rmSync(folder, { recursive: true });
}
