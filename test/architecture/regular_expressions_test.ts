import { expect } from "chai";
import { readSourceTree } from "./read_source_tree.ts";
import { sourceExpressions } from "./source_expressions.ts";
import { superlinearInput } from "./worst_inputs.ts";

/** What attackers have tried beside what is derived from the expressions. */
const TRIED = [
  "-eyJ",
  "eyJ.",
  "mongodb://",
  "https://checkout.stripe.com/",
  "pi_",
  "://",
  "=",
  "\\",
];

describe("regular expressions", () => {
  const expressions = sourceExpressions(readSourceTree("."), "src/");

  it("are found: literals, and the patterns of schemas", () => {
    const tree = new Map([
      ["src/a.ts", 'const a = /x\\/y/gi; const b = c / d / e; const f = { pattern: "^z$" };'],
      ["test/b.ts", "const a = /not this one/;"],
    ]);
    expect(
      sourceExpressions(tree, "src/").map(({ expression }) => String(expression)),
    ).to.deep.equal(["/x\\/y/gi", "/^z$/u"]);
    expect(expressions.length).to.be.greaterThan(40);
  });

  for (const { file, expression } of expressions) {
    it(`take linear time on 100 KB of their worst: ${expression} of ${file}`, () => {
      expect(superlinearInput(expression, TRIED)).to.equal(undefined);
    });
  }

  const planted = [
    /\beyJ[\w-]{8,}\.[\w-]*\.?[\w-]*/g,
    /(mongodb(?:\+srv)?:\/\/)\S*@/g,
    /\/+$/,
    /x\s*,?\s*$/,
    /^\s*,?\s*$/,
  ];
  for (const expression of planted) {
    it(`are found out where they do not: ${expression}`, () => {
      expect(superlinearInput(expression, TRIED)).not.to.equal(undefined);
    });
  }
});
