import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { withAttackTable } from "./attack_table.ts";

describe("docs/decisions.md", () => {
  it("shows what the attacks come to in test/model; if not: npm run docs", async () => {
    const document = await readFile("docs/decisions.md", "utf8");
    expect(document).to.equal(withAttackTable(document));
  });
});
