import { readFileSync } from "node:fs";
import { expect } from "chai";
import { pageClientModules } from "./page_client_modules.ts";

describe("the client of the API that the Billing page loads", () => {
  it("is the package's, without types; if not: npm run docs", () => {
    for (const [path, text] of pageClientModules()) {
      expect(readFileSync(path, "utf8"), path).to.equal(text);
    }
  });
});
