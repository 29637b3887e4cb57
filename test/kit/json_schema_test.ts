import { expect } from "chai";
import { compileSchema } from "../../src/kit/json_schema.ts";

const check = compileSchema<{ slug: string }>({
  type: "object",
  required: ["slug"],
  additionalProperties: false,
  properties: {
    slug: { type: "string", minLength: 2, maxLength: 5, pattern: "^[a-z]+$" },
    rank: { type: "integer", minimum: 0, maximum: 9 },
    limit: { type: ["integer", "null"] },
    interval: { enum: ["month", "year"] },
    kind: { const: "plan" },
    site: { type: "string", format: "uri" },
    ratio: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 },
    prices: {
      type: "array",
      maxItems: 2,
      minItems: 1,
      uniqueItems: true,
      items: { type: "object", required: ["amount"], properties: { amount: { type: "number" } } },
    },
  },
});

function problemsOf(value: unknown): string[] {
  const result = check(value);
  return result.ok ? [] : result.problems.map(({ path, message }) => `${path} | ${message}`);
}

describe("compileSchema", () => {
  it("answers the very value that was checked", () => {
    const value = { slug: "pro", limit: null };
    expect(check(value)).to.deep.equal({ ok: true, value });
  });

  const cases: [string, unknown, string][] = [
    ["a missing field", {}, "slug | slug is missing: add it"],
    ["an unknown field", { slug: "pro", x: 1 }, "x | x is not a known field: remove it"],
    ["a wrong type", { slug: 1 }, "slug | slug must be a string"],
    [
      "two allowed types",
      { slug: "pro", limit: "" },
      "limit | limit must be a whole number or null",
    ],
    ["a wrong value itself", [], " | the value must be an object"],
    ["a short string", { slug: "p" }, "slug | slug must have at least 2 characters"],
    ["a long string", { slug: "proooo" }, "slug | slug must have at most 5 characters"],
    ["a pattern", { slug: "PRO" }, "slug | slug must match the pattern ^[a-z]+$"],
    ["a low number", { slug: "pro", rank: -1 }, "rank | rank must be 0 or more"],
    ["a high number", { slug: "pro", rank: 10 }, "rank | rank must be 9 or less"],
    ["an exclusive minimum", { slug: "pro", ratio: 0 }, "ratio | ratio must be more than 0"],
    ["an exclusive maximum", { slug: "pro", ratio: 1 }, "ratio | ratio must be less than 1"],
    ["an enum", { slug: "pro", interval: 1 }, 'interval | interval must be one of "month", "year"'],
    ["a constant", { slug: "pro", kind: 1 }, 'kind | kind must be "plan"'],
    ["a format", { slug: "pro", site: "no" }, "site | site must be a valid uri"],
    ["a short list", { slug: "pro", prices: [] }, "prices | prices must not be empty"],
    [
      "a repeated entry",
      { slug: "pro", prices: [{ amount: 1 }, { amount: 1 }] },
      "prices | prices must not have the same entry twice",
    ],
    [
      "a nested place",
      { slug: "pro", prices: [{ amount: 1 }, {}] },
      "prices[1].amount | prices[1].amount is missing: add it",
    ],
  ];
  for (const [what, value, problem] of cases) {
    it(`names the field and what to do for ${what}`, () => {
      expect(problemsOf(value)).to.deep.equal([problem]);
    });
  }

  it("reports every problem, not only the first", () => {
    expect(problemsOf({ rank: "x", interval: "week" })).to.have.length(3);
  });

  it("reports a bounded number of problems", () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`f${n}`, n]));
    expect(problemsOf(many)).to.have.length(25);
  });

  it("treats __proto__ and constructor as the unknown fields they are", () => {
    const value = JSON.parse('{"slug":"pro","__proto__":{"polluted":1},"constructor":1}');
    expect(problemsOf(value)).to.have.length(2);
    expect({}).not.to.have.property("polluted");
  });

  it("does not take inherited properties for given ones", () => {
    expect(problemsOf(Object.create({ slug: "pro" }))).to.deep.equal([
      "slug | slug is missing: add it",
    ]);
  });

  it("refuses a schema with unknown keywords, so that a typo cannot switch a rule off", () => {
    expect(() => compileSchema({ type: "object", propertys: {} })({})).to.throw(/propertys/);
  });
});
