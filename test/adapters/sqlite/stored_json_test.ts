import { expect } from "chai";
import {
  decodeJson,
  encodeJson,
  readJson,
  type Stored,
} from "../../../src/adapters/sqlite/stored_json.ts";

interface Thing {
  readonly name: string;
  readonly at: Date;
}

describe("stored JSON", () => {
  let calls = 0;
  function decode({ name, at }: Stored<Thing>): Thing {
    calls += 1;
    if (name === "broken") {
      throw new TypeError("it is broken");
    }
    return { name, at: new Date(at) };
  }
  const other = ({ name }: { readonly name: string }) => ({ name });
  const textOf = (name: string) => JSON.stringify({ name, at: 0 });

  beforeEach(() => {
    calls = 0;
  });

  it("is decoded once as long as it is the same text, by each function apart", () => {
    const first = readJson(textOf("one"), decode);
    expect(readJson(textOf("one"), decode)).to.equal(first);
    expect(readJson(textOf("two"), decode)).to.include({ name: "two" });
    expect(readJson(textOf("one"), other)).to.deep.equal({ name: "one" });
    expect(calls).to.equal(2);
  });

  it("is encoded as the text that it was decoded from, and otherwise anew", () => {
    const text = textOf("three");
    const thing = readJson(text, decode);
    expect(encodeJson(thing)).to.equal(text);
    expect(encodeJson({ ...thing, name: "four" })).to.equal(textOf("four"));
  });

  it("is not kept where decoding failed, where it is long, and where newer texts have come", () => {
    expect(() => readJson(textOf("broken"), decode)).to.throw("broken");
    expect(() => readJson(textOf("broken"), decode)).to.throw("broken");
    const long = textOf("x".repeat(10_000));
    expect(readJson(long, decode)).to.not.equal(readJson(long, decode));
    const oldest = readJson(textOf("oldest"), decode);
    for (let number = 0; number < 250; number += 1) {
      readJson(textOf(`newer-${number}`), decode);
    }
    const again = readJson(textOf("oldest"), decode);
    expect(again).to.deep.equal(oldest);
    expect(again).to.not.equal(oldest);
  });

  it("may be null", () => {
    expect([decodeJson(null, decode), encodeJson(null)]).to.deep.equal([null, null]);
  });
});
