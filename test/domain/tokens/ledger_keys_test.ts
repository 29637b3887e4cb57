import { createHmac } from "node:crypto";
import { expect } from "chai";
import { isLedgerKey, ledgerKeys, NO_LEDGER_KEYS } from "../../../src/domain/tokens/ledger_keys.ts";
import { hmacSha256 } from "../../../src/kit/hmac.ts";

const SECRET = "s".repeat(32);

describe("ledgerKeys", () => {
  it("P30 seals with the first key, and knows all by their ids", () => {
    const keys = ledgerKeys([`2027:${SECRET}1`, `2026:${SECRET}2`], hmacSha256);
    expect(keys.sealing?.id).to.equal("2027");
    expect([...keys.byId.keys()]).to.deep.equal(["2027", "2026"]);
    for (const [id, secret] of [
      ["2027", `${SECRET}1`],
      ["2026", `${SECRET}2`],
    ] as const) {
      const expected = createHmac("sha256", secret).update("text").digest("hex");
      expect(keys.byId.get(id)?.sign("text")).to.equal(expected);
    }
  });

  it("has none to seal with where none are given", () => {
    expect(ledgerKeys([], hmacSha256)).to.deep.equal(NO_LEDGER_KEYS);
  });

  for (const text of ["", "2026", `:${SECRET}`, `2026:${"s".repeat(31)}`, `a b:${SECRET}`]) {
    it(`refuses "${text}", and shows no secret`, () => {
      expect(isLedgerKey(text)).to.equal(false);
      expect(() => ledgerKeys([`2027:${SECRET}`, text], hmacSha256))
        .to.throw(TypeError, "key 2")
        .with.property("message")
        .that.does.not.include("sss");
    });
  }

  it("refuses two keys with one id", () => {
    expect(() => ledgerKeys([`a:${SECRET}`, `a:${SECRET}2`], hmacSha256)).to.throw(
      TypeError,
      "same id",
    );
  });
});
