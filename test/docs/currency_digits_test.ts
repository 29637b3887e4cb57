import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { currencyDigitsModule } from "./currency_digits_module.ts";

describe("the Billing page's currencies", () => {
  it("are what `npm run docs` writes from the service's", async () => {
    const file = "src/adapters/dashboard/client/currency_digits.js";
    expect(await readFile(file, "utf8")).to.equal(currencyDigitsModule());
  });
});
