/**
 * Runs histories for as long as one has patience: `npm run soak -- --histories 100000`. What it
 * finds is printed with a command that shows it again.
 * @module
 */
import process from "node:process";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { readCatalogFile } from "../../src/catalog_file.ts";
import { checkHistory } from "./check_history.ts";
import { type History, histories } from "./history.ts";
import { World } from "./world.ts";

const PER_ROUND = 500;

const { values } = parseArgs({
  options: {
    histories: { type: "string", default: "100000" },
    seed: { type: "string" },
    path: { type: "string" },
  },
});

const total = Number(values.histories);
const firstSeed = Number(values.seed ?? Date.now() % 2 ** 31);
if (!Number.isSafeInteger(total) || total < 1 || !Number.isSafeInteger(firstSeed)) {
  process.stderr.write("Cannot soak: --histories and --seed must be whole numbers\n");
  process.exit(2);
}

const template = await World.prepare(await readCatalogFile("plans.json"));
const property = fc.asyncProperty(histories, (history) => checkHistory(history, template));
const started = performance.now();
let lived = 0;
for (let seed = firstSeed; lived < total; seed += 1) {
  const numRuns = Math.min(PER_ROUND, total - lived);
  const path = values.path === undefined ? {} : { path: values.path };
  const found = await fc.check(property, { numRuns, seed, ...path });
  if (found.failed) {
    report(found);
    process.exit(1);
  }
  lived += numRuns;
  const perSecond = Math.round((lived / (performance.now() - started)) * 1000);
  process.stdout.write(`${lived} of ${total} histories, seed ${seed}, ${perSecond} per second\n`);
}
process.stdout.write(`All ${total} histories end as the provider's books say\n`);

function report(found: fc.RunDetails<[History]>): void {
  process.stderr.write(`${fc.defaultReportMessage(found) ?? "A history failed"}\n\n`);
  process.stderr.write(`${String(found.errorInstance)}\n\n`);
  const replay = `--histories 1 --seed ${found.seed} --path "${found.counterexamplePath}"`;
  process.stderr.write(`Show it again: npm run soak -- ${replay}\n`);
}
