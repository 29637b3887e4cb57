import { expect } from "chai";
import { moneyText } from "../../../src/domain/catalog/money.ts";

describe("moneyText", () => {
  it("writes minor units with the digits that Stripe counts in", () => {
    const amounts: [number, string, string][] = [
      [900, "eur", "9.00 EUR"],
      [-5, "USD", "-0.05 USD"],
      [500, "jpy", "500 JPY"],
      [1_234, "kwd", "1.234 KWD"],
      [50_000, "isk", "500.00 ISK"],
      [50_000, "UGX", "500.00 UGX"],
    ];
    for (const [amount, currency, text] of amounts) {
      expect(moneyText({ amount, currency })).to.equal(text);
    }
  });
});
