import { expect } from "chai";
import { VerifiedTokens } from "../../../../src/adapters/http/identity/verified_tokens.ts";

describe("VerifiedTokens", () => {
  const keys = {};
  let nowMs: number;
  let tokens: VerifiedTokens;

  const principal = (lifeSeconds: number) => ({
    userId: "user-1",
    claims: { exp: Date.now() / 1_000 + lifeSeconds },
  });

  beforeEach(() => {
    nowMs = 5_000;
    tokens = new VerifiedTokens(() => nowMs);
  });

  it("believes a token for 30 s and no longer", () => {
    const owner = principal(900);
    tokens.keep("one", owner, keys);
    nowMs += 29_999;
    expect(tokens.find("one", keys)).to.equal(owner);
    nowMs += 1;
    expect(tokens.find("one", keys)).to.equal(undefined);
  });

  it("believes no token at or beyond its exp, however lately it was verified", () => {
    tokens.keep("over", principal(0), keys);
    tokens.keep("tolerated", principal(-3), keys);
    expect(tokens.find("over", keys)).to.equal(undefined);
    expect(tokens.find("tolerated", keys)).to.equal(undefined);
  });

  it("believes no token once other keys are in force, or none", () => {
    tokens.keep("one", principal(900), keys);
    expect(tokens.find("one", {})).to.equal(undefined);
    expect(tokens.find("one", null)).to.equal(undefined);
    expect(tokens.find("one", keys)).not.to.equal(undefined);
  });

  it("knows a token by its whole text", () => {
    tokens.keep("Bearer a.b.c", principal(900), keys);
    for (const other of ["", "Bearer a.b.d", "Bearer a.b.c ", "bearer a.b.c", "Bearer a.b"]) {
      expect(tokens.find(other, keys), other).to.equal(undefined);
    }
  });

  it("keeps 2,000 tokens at most: the latest", () => {
    for (let number = 0; number < 5_000; number += 1) {
      tokens.keep(`token ${number}`, principal(900), keys);
    }
    const kept = Array.from({ length: 5_000 }, (_, number) => number).filter(
      (number) => tokens.find(`token ${number}`, keys) !== undefined,
    );
    expect(kept.length).to.be.within(1_000, 2_000);
    expect(kept).to.include(4_999).and.not.include(2_999);
  });
});
