/**
 * Runs histories for as long as one has patience: `npm run soak -- --histories 100000`. What it
 * finds is printed with a command that shows it again.
 * @module
 */
import process from "node:process";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import { checkHistory } from "./check_history.ts";
import { type History, histories } from "./history.ts";
import { SABOTAGES } from "./sabotage.ts";
import { soakTenants } from "./spending/soak_tenants.ts";
import { Tally } from "./tally.ts";
import { World } from "./world.ts";

const PER_ROUND = 250;

const HELP = `Runs random histories of tenants and compares how each ends with the provider's books.

  npm run soak -- [options]

  --histories <number>  how many (default: 100000, about an hour)
  --seed <number>       of the first round of ${PER_ROUND} (default: another one every time)
  --path <path>         of one history of that round, as a failure prints it
  --tenants             plays what tenants do by themselves against the provider's books of money
  --sabotage <number>   breaks a promise, to see a failure: ${Object.keys(SABOTAGES).join(", ")}
  --help                this text
`;

function refuse(problem: string): never {
  process.stderr.write(`Cannot soak: ${problem}\n\n${HELP}`);
  process.exit(2);
}

function options() {
  try {
    const text = { type: "string" } as const;
    const { values } = parseArgs({
      options: {
        histories: text,
        seed: text,
        path: text,
        sabotage: text,
        tenants: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
    return values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string, least: number): number {
  const number = Number(text);
  const isSound = text.trim() !== "" && Number.isSafeInteger(number) && number >= least;
  return isSound
    ? number
    : refuse(`--${name} must be a whole number from ${least} on, not "${text}"`);
}

function report(found: fc.RunDetails<[History]>, rest: string): void {
  process.stderr.write(`${fc.defaultReportMessage(found) ?? "A history failed"}\n\n`);
  process.stderr.write(`${String(found.errorInstance)}\n\n`);
  const replay = `--histories 1 --seed ${found.seed} --path "${found.counterexamplePath}"${rest}`;
  process.stderr.write(`Show it again: npm run soak -- ${replay}\n`);
}

const { help, path, tenants, sabotage: broken, ...given } = options();
if (help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const total = wholeNumber("histories", given.histories ?? "100000", 1);
const firstSeed = wholeNumber("seed", given.seed ?? String(Date.now() % 2 ** 31), 0);
if (tenants === true) {
  process.exit((await soakTenants(total, firstSeed)) ? 0 : 1);
}
if (broken !== undefined && !Object.hasOwn(SABOTAGES, broken)) {
  refuse(`there is no sabotage "${broken}", only ${Object.keys(SABOTAGES).join(", ")}`);
}
const sabotage = broken === undefined ? undefined : SABOTAGES[broken];

const sound = await World.prepare(await readCatalogFile("plans.json"));
const template = { ...sound, ...(sabotage && { sabotage }) };
const tally = new Tally();
const property = fc.asyncProperty(histories, async (history) => {
  tally.add(await checkHistory(history, template));
});
const started = performance.now();
let lived = 0;
for (let seed = firstSeed; lived < total; seed += 1) {
  const numRuns = Math.min(PER_ROUND, total - lived);
  const found = await fc.check(property, { numRuns, seed, ...(path !== undefined && { path }) });
  if (found.failed) {
    report(found, broken === undefined ? "" : ` --sabotage ${broken}`);
    process.exit(1);
  }
  lived += numRuns;
  const perSecond = Math.round((lived / (performance.now() - started)) * 1000);
  process.stdout.write(`${lived} of ${total} histories, seed ${seed}, ${perSecond} per second\n`);
}
process.stdout.write(`All ${total} histories end as the provider's books say\n\n${tally}\n`);
