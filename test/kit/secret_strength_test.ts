import { createHash } from "node:crypto";
import { expect } from "chai";
import { isGuessable } from "../../src/kit/secret_strength.ts";

describe("isGuessable", () => {
  const madeUp = [
    "changeme".repeat(4),
    "a".repeat(64),
    "0123456789abcdef0123456789abcdef",
    "your-256-bit-secret-your-256-bit-secret",
    "my-super-secret-jwt-key-for-production-2026",
    "development-secret-of-at-least-32-bytes",
    "correct horse battery staple correct horse",
    "passwordpasswordpassword12345678",
    "1234567890123456789012345678901234567",
    "ThisIsAVeryLongSecretForTheBillingService1",
  ];
  for (const secret of madeUp) {
    it(`is true of ${secret}`, () => {
      expect(isGuessable(secret)).to.equal(true);
    });
  }

  for (const encoding of ["base64", "base64url", "hex"] as const) {
    it(`is false of 2,000 random ones of 32 bytes in ${encoding}, but for four at most`, () => {
      const all = Array.from({ length: 2_000 }, (_, n) =>
        createHash("sha256").update(`seed ${n}`).digest(encoding),
      );
      expect(all.filter(isGuessable).length).to.be.at.most(4);
    });
  }
});
