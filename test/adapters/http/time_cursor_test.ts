import { expect } from "chai";
import { HttpError } from "../../../src/adapters/http/http_error.ts";
import { cursorOf, cursorText } from "../../../src/adapters/http/time_cursor.ts";

describe("cursorOf", () => {
  it("reads what cursorText wrote, whatever the id", () => {
    for (const id of ["evt_1", "", "a:b:c", '"日本"\n']) {
      const cursor = { at: new Date("2026-03-14T15:09:26.535Z"), id };
      expect(cursorOf(cursorText(cursor))).to.deep.equal(cursor);
    }
    expect(cursorOf(undefined)).to.equal(undefined);
  });

  it("refuses every other text", () => {
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    for (const text of [
      "",
      "nonsense",
      "%00",
      encoded(null),
      encoded({}),
      encoded([]),
      encoded([1]),
      encoded([1, 2]),
      encoded(["1", "a"]),
      encoded([1, "a", 2]),
      encoded([1e300, "a"]),
      encoded([1, "\ud800"]),
    ]) {
      expect(() => cursorOf(text), text).to.throw(HttpError, "begin without one");
    }
  });
});
