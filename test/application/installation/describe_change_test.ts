import { expect } from "chai";
import { describeChange } from "../../../src/application/installation/describe_change.ts";

describe("describeChange", () => {
  const price = {
    productId: "prod_1",
    lookupKey: "pack_once",
    currency: "eur",
    interval: null,
    taxBehavior: null,
  };

  for (const [currency, amount, text] of [
    ["eur", 2_900, "29.00 EUR"],
    ["eur", 5, "0.05 EUR"],
    ["jpy", 2_900, "2900 JPY"],
    ["kwd", 2_900, "2.900 KWD"],
  ] as const) {
    it(`writes ${amount} minor units of ${currency} as people do`, () => {
      const order = { ...price, currency, amount };
      expect(describeChange({ type: "create_price", price: order, replaces: null })).to.deep.equal([
        `+ price "pack_once": ${text} once`,
      ]);
    });
  }

  it("lists what becomes of a webhook endpoint", () => {
    const change = { endpointId: "we_1", enable: true, add: ["invoice.paid"], remove: ["*"] };
    expect(describeChange({ type: "update_endpoint", ...change })).to.deep.equal([
      '~ webhook endpoint "we_1"',
      "    enabled: false -> true",
      "    + invoice.paid",
      "    - *",
    ]);
    const url = "https://billing.example.com/billing/webhook";
    expect(describeChange({ type: "create_endpoint", url })).to.deep.equal([
      `+ webhook endpoint ${url}`,
    ]);
  });
});
