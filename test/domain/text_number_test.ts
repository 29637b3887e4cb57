import { expect } from "chai";
import fc from "fast-check";
import { orderedJson } from "../../src/domain/text_number.ts";

/** Has whatever stored accounts have: fields in any order, left out ones, dates, texts. */
const value = fc.letrec((tie) => ({
  part: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, undefined, true, -0, 1.5, new Date(0), "", "\u2028"),
    fc.string({ unit: "binary" }),
    fc.array(tie("part"), { maxLength: 3 }),
    fc.dictionary(
      fc.string({ minLength: 1, maxLength: 3 }).map((name) => `_${name}`),
      tie("part"),
    ),
  ),
})).part;

function sorted(part: unknown): unknown {
  return typeof part === "object" && part !== null && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : part;
}

describe("orderedJson", () => {
  it("is what JSON.stringify writes of a value whose fields are in order", () => {
    fc.assert(
      fc.property(value, (any) => {
        const wanted = JSON.stringify(any, (_, part: unknown) => sorted(part));
        expect(orderedJson(any)).to.equal(wanted ?? "null");
      }),
    );
  });

  it("is the same in whatever order fields were made", () => {
    expect(orderedJson({ b: [{ d: 1, c: new Date(5) }], a: undefined })).to.equal(
      '{"b":[{"c":"1970-01-01T00:00:00.005Z","d":1}]}',
    );
  });
});
