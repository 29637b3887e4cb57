import { expect } from "chai";
import { sameValue } from "../../src/domain/same_value.ts";

describe("sameValue", () => {
  it("holds for equal values, whatever the order of their fields", () => {
    for (const [one, other] of [
      [1, 1],
      ["a", "a"],
      [null, null],
      [undefined, undefined],
      [new Date(5), new Date(5)],
      [
        { a: 1, b: { c: [1, 2] } },
        { b: { c: [1, 2] }, a: 1 },
      ],
      [[], []],
    ]) {
      expect(sameValue(one, other), JSON.stringify(one)).to.equal(true);
    }
  });

  it("does not hold for anything else", () => {
    for (const [one, other] of [
      [1, "1"],
      [null, undefined],
      [null, {}],
      [new Date(5), new Date(6)],
      [new Date(5), 5],
      [new Date(5), {}],
      [{ a: 1 }, { a: 1, b: undefined }],
      [{ a: undefined }, { b: undefined }],
      [
        [1, 2],
        [2, 1],
      ],
      [[], {}],
      [[1], { 0: 1 }],
    ]) {
      expect(sameValue(one, other), JSON.stringify([one, other])).to.equal(false);
      expect(sameValue(other, one), JSON.stringify([other, one])).to.equal(false);
    }
  });
});
