/**
 * What the service costs beside the least that anybody could do, as ratios of CPU time: 1 is as
 * fast as the baseline. `npm run bench` measures all, `npm run bench -- ledger quota` these. Each
 * bench runs in a process of its own; results go to `node_modules/.cache/bench/ratios.json`, or to
 * the file in BENCH_OUTPUT.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { print, printComparison, writeResults } from "./method/report.ts";
import type { Comparison } from "./method/rounds.ts";

const BENCHES: Readonly<Record<string, () => Promise<readonly Comparison[]>>> = {
  webhook: async () => (await import("./ratios/http.ts")).webhook(),
  subscription: async () => (await import("./ratios/http.ts")).subscription(),
  quota: async () => (await import("./ratios/quota.ts")).quota(),
  "quota-rest": async () => (await import("./ratios/http.ts")).quotaOverRest(),
  leases: async () => (await import("./ratios/quota.ts")).leases(),
  ledger: async () => (await import("./ratios/ledger.ts")).ledger(),
  start: async () => (await import("./ratios/start.ts")).start(),
  memory: async () => (await import("./ratios/memory.ts")).memory(),
};

const { BENCH_OUTPUT: output = "node_modules/.cache/bench/ratios.json" } = process.env;
const names = process.argv.slice(2);

if (process.send === undefined) {
  await runAll(names.length === 0 ? Object.keys(BENCHES) : names);
} else {
  process.send(await BENCHES[names[0] ?? ""]?.());
  process.disconnect();
}

async function runAll(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name));
  if (unknown.length > 0) {
    const there = Object.keys(BENCHES).join(", ");
    process.stderr.write(`Cannot measure ${unknown.join(", ")}: there are ${there}\n`);
    process.exitCode = 2;
    return;
  }
  const results: Record<string, readonly Comparison[]> = {};
  for (const name of wanted) {
    const child = fork(import.meta.filename, [name]);
    const said = new Promise<readonly Comparison[]>((resolve) => child.once("message", resolve));
    const [code] = await once(child, "exit");
    if (code !== 0) {
      throw new Error(`Cannot measure ${name}: it ended with ${code}`);
    }
    const comparisons = await said;
    results[name] = comparisons;
    for (const comparison of comparisons) {
      printComparison(name, comparison);
    }
  }
  writeResults(output, { results });
  print(`Written to ${output}`);
}
