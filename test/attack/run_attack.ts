import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { dropDatabase } from "../mongodb_server/describe_on_mongodb.ts";
import { findMongodbServer, withDatabase } from "../mongodb_server/find_mongodb_server.ts";
import { attackCountsIn, type TableCounts, withAttackCounts } from "./attack_counts.ts";
import type { Row } from "./table.ts";
import { attackTables } from "./tables.ts";

/**
 * `npm run attack`: starts the service and plays every table; then plays each again at a service
 * that is broken on purpose, which the table must find. Names of tables after it play only those;
 * `--write` writes the counts of those that were played into docs/security.md.
 */
const DOCUMENT = "docs/security.md";
const isWritten = process.argv.includes("--write");
const wanted = process.argv.slice(2).filter((word) => word !== "--write");
const counts: TableCounts[] = [];
const databases: string[] = [];

async function emptyMongodb() {
  const server = await findMongodbServer();
  if ("reasons" in server) {
    throw new Error(`No MongoDB server: ${server.reasons.join("; ")}`);
  }
  const url = withDatabase(server.url, `billing_test_${randomBytes(6).toString("hex")}`);
  databases.push(url);
  return { MONGODB_URL: url };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function countsOf(rows: readonly Row[]): [held: number, all: number] {
  return [rows.filter(({ held }) => held).length, rows.length];
}

let isAllHeld = true;
let [heldInAll, ofAll] = [0, 0];
const all = attackTables(emptyMongodb);
const isMeant = (name: string, part: string) => name.toLowerCase().includes(part.toLowerCase());
const unknown = wanted.filter((part) => !all.some(({ name }) => isMeant(name, part)));
if (unknown.length > 0) {
  const names = all.map(({ name }) => name).join(", ");
  process.stderr.write(`No table has ${unknown.join(", ")} in its name. There are: ${names}\n`);
  process.exit(2);
}
const tables = all.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => isMeant(name, part)),
);
for (const table of tables) {
  const rows = await table.attack(false);
  const [held, count] = countsOf(rows);
  heldInAll += held;
  ofAll += count;
  for (const { what } of rows.filter((row) => !row.held)) {
    print(`  NOT HELD: ${table.name}: ${what}`);
  }
  const [heldThen, allThen] = countsOf(await table.attack(true));
  const isFound = heldThen < allThen;
  isAllHeld &&= held === count && count > 0 && isFound;
  const planted = `${table.plant}: ${isFound ? `${allThen - heldThen} found` : "NOT FOUND"}`;
  counts.push({
    name: table.name,
    held,
    all: count,
    plant: table.plant,
    found: allThen - heldThen,
  });
  print(`${table.name.padEnd(22)} ${held} of ${count} held; planted: ${planted}`);
}
print(`${heldInAll} of ${ofAll} held`);
for (const url of databases) {
  await dropDatabase(url);
}
if (isWritten && isAllHeld) {
  const document = await readFile(DOCUMENT, "utf8");
  const known = new Map([...attackCountsIn(document), ...counts].map((one) => [one.name, one]));
  const rows = all.flatMap(({ name }) => known.get(name) ?? []);
  await writeFile(DOCUMENT, withAttackCounts(document, rows));
}
process.exit(isAllHeld ? 0 : 1);
