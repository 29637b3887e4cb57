import { readFile } from "node:fs/promises";
import { expect } from "chai";

const MOST_WORDS = 900;

describe("README.md", () => {
  it(`has at most ${MOST_WORDS} words`, async () => {
    const words = (await readFile("README.md", "utf8")).split(/\s+/).filter(Boolean);
    expect(words.length).to.be.at.most(MOST_WORDS);
  });
});
