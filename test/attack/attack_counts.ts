/** How a table ended. */
export interface TableCounts {
  readonly name: string;
  readonly held: number;
  readonly all: number;
  readonly plant: string;
  /** How many attacks the planted failure let through. */
  readonly found: number;
}

const HEAD = "| table | attacks held | broken on purpose | attacks that then succeed |";
const TABLE = new RegExp(`${HEAD.replaceAll("|", "\\|")}\n(\\|.*\n)+`);

/** A document with the counts of the tables. */
export function withAttackCounts(document: string, counts: readonly TableCounts[]): string {
  if (!TABLE.test(document)) {
    throw new TypeError(`Cannot find the table: no line is "${HEAD}"`);
  }
  const rows = counts.map(
    ({ name, held, all, plant, found }) => `| ${name} | ${held} of ${all} | ${plant} | ${found} |`,
  );
  return document.replace(TABLE, `${[HEAD, "|---|--:|---|--:|", ...rows].join("\n")}\n`);
}

/** The rows of a document's table, without its head: name, held, all, plant, found. */
export function attackCountsIn(document: string): readonly TableCounts[] {
  const [table = ""] = TABLE.exec(document) ?? [];
  const rows = table.matchAll(/^\| (.+?) \| (\d+) of (\d+) \| (.+?) \| (\d+) \|$/gm);
  return [...rows].map(([, name = "", held, all, plant = "", found]) => ({
    name,
    held: Number(held),
    all: Number(all),
    plant,
    found: Number(found),
  }));
}
