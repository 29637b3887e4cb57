/**
 * A day of many processes over one store: `npm run soak:day -- --store mongodb`. Clocks differ and
 * step back, processes are killed, the database is hard to reach. In the end what was accepted
 * has to be what is stored, to the token and to the e-mail.
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { SeededRandom } from "../../sandbox/webhooks/random.ts";
import type { MovableStore } from "../../src/application/ports/store_transfer.ts";
import { sampleCatalog, samplePlan } from "../samples/catalog.ts";
import { differences } from "./day_books.ts";
import { DayLife } from "./day_life.ts";
import { DayProcesses } from "./day_processes.ts";
import { openDayStore } from "./day_weather.ts";

const PROCESSES = 6;
const TENANTS = 12;
/** Calls that wait at once. */
const CALLERS = 24;
const KILL_PAUSE_MS = 1_500;
const HOUR_MS = 3_600_000;
/** What a month brings: so much that it is spent for hours, so little that it comes to an end. */
const LIMITS = {
  sqlite: { emails: 1_000, tokens: 3_000 },
  mongodb: { emails: 150, tokens: 400 },
} as const;
/** In the middle of the day a month ends, while everybody is busy. */
const BEGIN = Date.parse("2026-01-31T11:55:00Z");
/**
 * Time passes no faster than so while anybody waits: what is given up after ten minutes of it must
 * not be under way any more, and no call takes ten seconds. The rest of each hour passes at once.
 */
const SPEED = 60;

const HELP = `Counts and spends for a day with ${PROCESSES} processes, and compares what was accepted with what is stored.

  npm run soak:day -- [options]

  --store <name>      sqlite or mongodb (default: sqlite)
  --hours <number>    that pass (default: 24)
  --minutes <number>  that they take (default: 4)
  --seed <number>     of what happens (default: 1)
  --help              this text
`;

function refuse(problem: string): never {
  process.stderr.write(`Cannot soak: ${problem}\n\n${HELP}`);
  process.exit(2);
}

function positive(name: string, text: string): number {
  const number = Number(text);
  return number > 0 && Number.isFinite(number)
    ? number
    : refuse(`--${name} must be a number above 0, not "${text}"`);
}

function options() {
  try {
    const text = { type: "string" } as const;
    const numbers = { hours: text, minutes: text, seed: text };
    return parseArgs({ options: { store: text, ...numbers, help: { type: "boolean" } } }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const values = options();
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const kind = values.store ?? "sqlite";
if (kind !== "sqlite" && kind !== "mongodb") {
  refuse(`there is no store "${kind}", only ${Object.keys(LIMITS).join(", ")}`);
}
const limits = LIMITS[kind];
const hours = positive("hours", values.hours ?? "24");
const minutes = positive("minutes", values.minutes ?? "4");
const seed = positive("seed", values.seed ?? "1");
const busyMs = (minutes * 60_000) / hours;
const speed = Math.min(SPEED, HOUR_MS / busyMs);

async function until(end: number, work: () => Promise<unknown>): Promise<void> {
  while (Date.now() < end) {
    await work();
  }
}

async function live(store: MovableStore, processes: DayProcesses): Promise<DayLife> {
  const tenants = Array.from({ length: TENANTS }, (_, index) => `clday${index}`);
  const life = new DayLife(processes, tenants, seed);
  for (let hour = 0; hour < hours; hour += 1) {
    const end = Date.now() + busyMs;
    const trouble = until(end, async () => {
      await pause(KILL_PAUSE_MS / 2);
      processes.step();
      await pause(KILL_PAUSE_MS / 2);
      processes.kill();
    });
    const calls = Array.from({ length: CALLERS }, () => until(end, () => life.act()));
    await Promise.all([...calls, trouble]);
    processes.jump(HOUR_MS - busyMs * speed);
  }
  await life.settle();
  processes.jump(HOUR_MS);
  // The last reservations end by themselves.
  while ((await store.reservations.dueTenants({ now: new Date(8e15), limit: 1 })).length > 0) {
    await pause(50);
  }
  return life;
}

async function compare(store: MovableStore, life: DayLife): Promise<readonly string[]> {
  const emailCeiling = Math.floor(limits.emails * 1.1);
  const all = [...life.books].map(([tenantId, books]) =>
    differences(store, { tenantId, books, emailCeiling }),
  );
  return (await Promise.all(all)).flat();
}

const folder = await mkdtemp(join(tmpdir(), "billing-day-"));
const { store, where, weather } = await openDayStore(kind, { folder, seed });
const free = samplePlan("free", 1, {
  monthlyEmailLimit: limits.emails,
  tokensIncludedMonth: limits.tokens,
});
await store.catalog.save({ ...sampleCatalog([free]), revision: 0 });
const clock = { begin: BEGIN, startedAt: Date.now(), speed };
const processes = new DayProcesses(PROCESSES, { store: where, clock }, new SeededRandom(seed));
const life = await live(store, processes);
await processes.close();
const found = await compare(store, life);
const books = [...life.books.values()];
const total = (of: (one: (typeof books)[number]) => number) =>
  books.reduce((sum, one) => sum + of(one), 0);
const lines = [
  `${hours} hours in ${minutes} minutes on ${kind}, seed ${seed}: ${PROCESSES} processes, ${TENANTS} tenants`,
  `${processes.kills} kills, ${processes.stepsBack} clocks set back, ${life.askedAgain} calls asked again`,
  ...weather.report(),
  ...[...life.answers].toSorted().map(([name, count]) => `${count} x ${name}`),
  `accepted: ${total(({ tokens }) => tokens)} tokens, ${total(({ emails }) => emails)} e-mails`,
  found.length === 0 ? "all of it is stored, and nothing else" : `${found.length} differences:`,
  ...found.slice(0, 50),
];
process.stdout.write(`${lines.join("\n")}\n`);
await weather.close();
await store.close();
await rm(folder, { recursive: true });
process.exit(found.length === 0 ? 0 : 1);
