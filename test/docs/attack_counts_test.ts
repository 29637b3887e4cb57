import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { attackCountsIn, withAttackCounts } from "../attack/attack_counts.ts";
import { attackTables } from "../attack/tables.ts";

describe("docs/security.md", () => {
  it("has the counts of every attack table, all held; if not: npm run attack -- --write", async () => {
    const counts = attackCountsIn(await readFile("docs/security.md", "utf8"));
    const tables = attackTables(async () => ({}));
    expect(counts.map(({ name, plant }) => ({ name, plant }))).to.deep.equal(
      tables.map(({ name, plant }) => ({ name, plant })),
    );
    for (const { name, held, all, found } of counts) {
      expect([held, found > 0], name).to.deep.equal([all, true]);
    }
  });

  it("is written from what the command counts", async () => {
    const document = await readFile("docs/security.md", "utf8");
    const counts = [{ name: "floods", held: 3, all: 4, plant: "no limit", found: 2 }];
    const written = withAttackCounts(document, counts);
    expect(attackCountsIn(written)).to.deep.equal(counts);
    expect(written).to.include("## Limits");
  });
});
