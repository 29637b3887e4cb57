import { expect } from "chai";
import { hmacSha256 } from "../../src/kit/hmac.ts";

describe("hmacSha256", () => {
  it("gives what RFC 4231 gives in its second test case", () => {
    expect(hmacSha256("Jefe")("what do ya want for nothing?")).to.equal(
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
  });
});
