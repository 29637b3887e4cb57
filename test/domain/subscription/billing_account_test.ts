import { expect } from "chai";
import { isTenantId, newAccount } from "../../../src/domain/subscription/billing_account.ts";

describe("newAccount", () => {
  it("P16 has no customer, no subscription and the revision of an account never saved", () => {
    expect(newAccount("clacme0001")).to.deep.equal({
      tenantId: "clacme0001",
      revision: 0,
      customerId: null,
      subscription: null,
      standing: { subscription: null, debts: [], lines: [], creditedUnpaid: [] },
      knownSince: null,
      lookedAt: null,
      seen: null,
      inForce: [],
      endedDuplicates: [],
      checkout: null,
      ending: null,
    });
  });
});

describe("isTenantId", () => {
  for (const good of ["clxxxxxxxx", "abcd", "t_1_2", "a".repeat(64)]) {
    it(`P35 accepts ${good.slice(0, 20)} (${good.length} characters)`, () => {
      expect(isTenantId(good)).to.equal(true);
    });
  }

  const bad = {
    "the empty text": "",
    "three characters": "abc",
    "65 characters": "a".repeat(65),
    "a digit in front": "1abc",
    "an underscore in front": "_abc",
    "upper case": "Clxxxxxxxx",
    "two ids in one header": "clacme0001, tenant_two",
    "a space at the end": "clacme0001 ",
    "a line end": "clacme0001\n",
    "a full-width letter": "ｔenant",
    "a homograph": "tenаnt",
    "a dot": "tenant.one",
    "an operator": "$where",
    "a zero byte": "tenant\u0000",
  };
  for (const [what, text] of Object.entries(bad)) {
    it(`P35 refuses ${what}`, () => {
      expect(isTenantId(text)).to.equal(false);
    });
  }
});
