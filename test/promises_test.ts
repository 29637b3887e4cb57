import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const COUNT = 41;

interface Promised {
  readonly number: string;
  readonly promise: string;
  readonly state: string;
  readonly files: readonly string[];
}

function promisesOf(text: string): Promised[] {
  return text
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter(([, number]) => /^P\d\d$/.test(number ?? ""))
    .map(([, number = "", promise = "", state = "", proof = ""]) => ({
      number,
      promise,
      state,
      files: [...proof.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ""),
    }));
}

/** The promises that a file names in its texts, where titles are. */
function namedIn(source: string): Set<string> {
  const texts = source.matchAll(/(["'`])(?:(?!\1).)*\1/g);
  return new Set([...texts].flatMap(([text]) => text.match(/\bP\d\d\b/g) ?? []));
}

describe("docs/promises.md", () => {
  const promises = promisesOf(readFileSync("docs/promises.md", "utf8"));

  it("lists every promise once, in order", () => {
    const numbers = Array.from({ length: COUNT }, (_, n) => `P${String(n + 1).padStart(2, "0")}`);
    const listed = promises.map(({ number }) => number);
    expect(listed.slice(0, COUNT)).to.deep.equal(numbers);
    expect(listed).to.deep.equal([...new Set(listed)].toSorted());
  });

  for (const { number, promise, state, files } of promises) {
    it(`${number} is ${state}, and its tests name it`, () => {
      expect(promise.length, "the promise").to.be.greaterThan(20);
      expect(state).to.match(/^(kept|in part: .{10,}|not yet)$/);
      expect(files.length > 0, "whether it has tests").to.equal(state !== "not yet");
      for (const file of files) {
        expect(namedIn(readFileSync(file, "utf8")), file).to.include(number);
      }
    });
  }

  it("lists every promise that a test names", () => {
    const known = new Set(promises.map(({ number }) => number));
    for (const file of readdirSync("test", { recursive: true, encoding: "utf8" })) {
      if (file.endsWith(".ts")) {
        const unknown = [...namedIn(readFileSync(join("test", file), "utf8"))].filter(
          (number) => !known.has(number),
        );
        expect(unknown, file).to.deep.equal([]);
      }
    }
  });

  it("notices a promise without a test", () => {
    expect(namedIn('it("P07 keeps", () => {})')).to.deep.equal(new Set(["P07"]));
    expect(namedIn("// P07 in a comment")).to.deep.equal(new Set());
  });
});
