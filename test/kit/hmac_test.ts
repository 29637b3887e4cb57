import { expect } from "chai";
import { sha256 as digest } from "../../src/domain/tokens/ledger_keys.ts";
import { hmacSha256, sha256 } from "../../src/kit/hmac.ts";

describe("hmacSha256", () => {
  it("gives what RFC 4231 gives in its second test case", () => {
    expect(hmacSha256("Jefe")("what do ya want for nothing?")).to.equal(
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
  });
});

describe("sha256", () => {
  it("gives what WebCrypto gives, for every text", async () => {
    for (const text of ["", "abc", "x".repeat(1_000), "ä€😀\u0000"]) {
      expect(sha256(text)).to.equal(await digest(text));
    }
  });
});
