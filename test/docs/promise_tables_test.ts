import { readFileSync } from "node:fs";
import { expect } from "chai";
import { OF_CURSORS, OF_READS, OF_WRITES } from "../adapters/mongodb/replica_set_replies.ts";
import { ATTACKS_BEFORE_APPENDS, LEDGER_ATTACKS } from "../contracts/ledger/ledger_attacks.ts";

const PROMISES = readFileSync(new URL("../../docs/promises.md", import.meta.url), "utf8");

/** The numbers in the rows of the table below a heading; a row without one has none. */
function rowsBelow(heading: string): number[][] {
  const [, section = ""] = PROMISES.split(`\n## ${heading}\n`);
  const [own = ""] = section.split("\n## ");
  return own
    .split("\n")
    .filter((line) => /\|\s*\**\d/.test(line))
    .map((line) =>
      [...line.matchAll(/\|\s*\**(\d+)\**\s*(?=\|)/g)].map(([, count]) => Number(count)),
    );
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

describe("docs/promises.md counts", () => {
  it("P30 the attacks on ledgers", () => {
    const rows = rowsBelow("How P30 is attacked");
    const total = rows.at(-1);
    for (const store of [0, 1]) {
      const counts = rows.slice(0, -1).map((row) => row[store]);
      expect(sum(counts.slice(0, 5))).to.equal(LEDGER_ATTACKS.length);
      expect(counts.at(-2)).to.equal(ATTACKS_BEFORE_APPENDS.length);
      expect(sum(counts)).to.equal(total?.[store]);
    }
  });

  it("P08 what replica sets answer", () => {
    const counts = rowsBelow("What replica sets answer, and what callers see").map(
      ([kinds]) => kinds,
    );
    const [writes, reads, cursors] = [OF_WRITES, OF_READS, OF_CURSORS].map(
      (kinds) => Object.keys(kinds).length,
    );
    expect(sum(counts.slice(0, -3))).to.equal(writes);
    expect(sum(counts.slice(-3, -1))).to.equal(reads);
    expect(counts.at(-1)).to.equal(cursors);
  });
});
