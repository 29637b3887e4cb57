import { expect } from "chai";
import { reversedTokens } from "../../../src/domain/tokens/token_pack.ts";

describe("reversedTokens", () => {
  const cases: [tokens: number, amount: number, reversals: number[], expected: number][] = [
    [10_000, 500, [], 0],
    [10_000, 500, [500], 10_000],
    [10_000, 500, [250], 5_000],
    [10_000, 500, [1], 20],
    [10, 500, [1], 0],
    [10, 3, [1], 3],
    [10, 3, [1, 1], 6],
    [10, 3, [1, 1, 1], 10],
    [10_000, 500, [400, 400], 10_000],
    [999_999_999_999_999, 99_999_999, [33_333_333], 333_333_333_333_333],
    [10_000, 0, [5], 0],
  ];
  for (const [tokens, amount, reversals, expected] of cases) {
    it(`P29 takes ${expected} of ${tokens} for ${reversals.join(" and ") || 0} of ${amount}`, () => {
      const inForce = reversals.map((reversed) => ({ amount: reversed }));
      expect(reversedTokens({ tokens, amount }, inForce)).to.equal(expected);
    });
  }
});
