import { expect } from "chai";
import { Recent } from "../../src/application/recent.ts";

describe("Recent", () => {
  it("forgets what was set longest ago", () => {
    const recent = new Recent<string, number>(2);
    recent.set("a", 1);
    recent.set("b", 2);
    recent.set("a", 3);
    recent.set("c", 4);
    expect(["a", "b", "c"].map((key) => recent.get(key))).to.deep.equal([3, undefined, 4]);
    recent.delete("c");
    recent.set("d", 5);
    expect(["a", "c", "d"].map((key) => recent.get(key))).to.deep.equal([3, undefined, 5]);
  });
});
