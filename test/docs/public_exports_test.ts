import { expect } from "chai";
import manifest from "../../package.json" with { type: "json" };
import { isDocumentedAt, publicExports } from "./public_exports.ts";

describe("what the package exports", () => {
  for (const [entry, source] of Object.entries(manifest.exports)) {
    it(`${entry} says of each export what it is`, () => {
      const found = publicExports(source);
      expect(found).to.not.be.empty;
      const silent = found.filter(({ isDocumented }) => !isDocumented);
      expect(silent.map(({ name, file }) => `${name} in ${file}`)).to.deep.equal([]);
    });
  }

  it("the main entry's types are among them", () => {
    const names = publicExports(manifest.exports["."]).map(({ name }) => name);
    expect(names).to.include.members(["createBilling", "BillingStore", "PortError", "Plan"]);
    expect(names.length).to.be.greaterThan(100);
  });

  it("a comment counts that stands right before a declaration and says something", () => {
    const documented = "/** Counts. */\nexport";
    expect(isDocumentedAt(documented, documented.indexOf("export"))).to.equal(true);
    for (const text of ["export", "/** Counts. */\nconst a = 1;\nexport", "/** */\nexport"]) {
      expect(isDocumentedAt(text, text.indexOf("export")), text).to.equal(false);
    }
  });
});
