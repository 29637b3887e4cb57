import { expect } from "chai";
import { usedRules } from "../../build/used_rules.ts";

describe("usedRules", () => {
  const used = (sheet: string) => usedRules(sheet, (name) => ["chart", "bar"].includes(name));

  for (const [what, sheet, kept] of [
    [
      "keeps rules of used classes",
      ".chart.bar td{a:b}.chart{c:d}",
      ".chart.bar td{a:b}.chart{c:d}",
    ],
    ["removes rules of other classes", ".chart.line{a:b}.chart{c:d}.line{e:f}", ".chart{c:d}"],
    ["keeps the used ones of a list", ".line,.chart td,.pie{a:b}", ".chart td{a:b}"],
    ["does not count what an element is not", ".chart:not(.line){a:b}", ".chart:not(.line){a:b}"],
    ["reads lists in parentheses", ".chart:is(td,th),.pie{a:b}", ".chart:is(td,th){a:b}"],
    ["keeps rules without classes", ":root{--a:1px}td{a:b}", ":root{--a:1px}td{a:b}"],
    ["looks into media", "@media print{.line{a:b}.bar{c:d}}", "@media print{.bar{c:d}}"],
    ["removes empty media", "@media print{.line{a:b}}.bar{c:d}", ".bar{c:d}"],
    ["keeps animations", "@keyframes x{0%{a:b}to{c:d}}.pie{e:f}", "@keyframes x{0%{a:b}to{c:d}}"],
    ["takes numbers for none", ".bar{margin:.5em .25px}", ".bar{margin:.5em .25px}"],
  ] as const) {
    it(what, () => expect(used(sheet)).to.equal(kept));
  }
});
