import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { LIMIT_FIELDS, limitsOf, PLAN_LIMITS } from "../../../src/domain/catalog/plan_limits.ts";
import { readSourceTree } from "../../architecture/read_source_tree.ts";
import { samplePlan } from "../../samples/catalog.ts";

const SOURCES = [...readSourceTree(fileURLToPath(new URL("../../..", import.meta.url)))].filter(
  ([file]) => file.startsWith("src/"),
);

describe("limitsOf", () => {
  it("is what a plan allows and nothing else of it, in the order of LIMIT_FIELDS", () => {
    const plan = samplePlan("pro", 3, { maxMembers: null });
    const limits = limitsOf(plan);
    expect(Object.keys(limits)).to.deep.equal(LIMIT_FIELDS);
    expect(limits).to.include({ monthlyEmailLimit: 3_000, maxDomains: 3, maxMembers: null });
  });

  it("has a name of its own for every countable limit", () => {
    const names = PLAN_LIMITS.map(({ name }) => name);
    expect(names).to.include.members(["domains", "members", "templates"]);
    expect(new Set(names).size).to.equal(names.length);
  });

  it("is named in no source but the list of limits, the page's texts and what is generated", () => {
    for (const { field } of PLAN_LIMITS) {
      const naming = SOURCES.filter(([, text]) => new RegExp(`\\b${field}\\b`).test(text));
      expect(naming.map(([file]) => file)).to.have.members([
        "src/adapters/client/billing_operations.ts",
        "src/adapters/dashboard/client/messages/english.js",
        "src/adapters/dashboard/client/messages/spanish.js",
        "src/domain/catalog/plan_limits.ts",
      ]);
    }
  });
});
