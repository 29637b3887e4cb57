import { expect } from "chai";
import { fieldChanges } from "../../../src/domain/catalog/field_change.ts";

describe("fieldChanges", () => {
  it("names what differs, at any depth, in the order of the names", () => {
    const before = { name: "Pro", prices: [{ amount: 1 }], at: new Date(0), gone: "x" };
    const after = { prices: [{ amount: 2 }, { amount: 3 }], name: "Pro", at: new Date(1_000) };
    expect(fieldChanges(before, after)).to.deep.equal([
      { field: "at", before: "1970-01-01T00:00:00.000Z", after: "1970-01-01T00:00:01.000Z" },
      { field: "gone", before: "x", after: null },
      { field: "prices.0.amount", before: 1, after: 2 },
      { field: "prices.1.amount", before: null, after: 3 },
    ]);
  });

  it("takes a missing field and null for the same", () => {
    expect(fieldChanges({ a: null, b: undefined }, {})).to.deep.equal([]);
    expect(fieldChanges({}, { a: false })).to.deep.equal([
      { field: "a", before: null, after: false },
    ]);
  });
});
