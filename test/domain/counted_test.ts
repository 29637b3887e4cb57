import { expect } from "chai";
import { counted } from "../../src/domain/counted.ts";

describe("counted", () => {
  it("says one thing in the singular, and everything else in the plural", () => {
    const texts = [0, 1, 2].map((count) => counted(count, "tenant"));
    expect(texts).to.deep.equal(["0 tenants", "1 tenant", "2 tenants"]);
    expect(counted(1, "entry", "entries")).to.equal("1 entry");
    expect(counted(3, "entry", "entries")).to.equal("3 entries");
  });
});
