import { expect } from "chai";
import { paperworkOf, taxOf } from "../../../src/domain/catalog/paperwork.ts";

describe("Paperwork", () => {
  const settings = (on: boolean) => ({
    stripeAutomaticTax: on,
    stripeTaxIds: on,
    promotionCodes: on,
    packInvoices: on,
  });

  for (const on of [true, false]) {
    it(`P43 is the service's where a plan says nothing (${on})`, () => {
      const same = { automaticTax: on, taxIds: on, promotionCodes: on };
      expect(paperworkOf({}, settings(on))).to.deep.equal(same);
      for (const field of ["automaticTax", "taxIds", "promotionCodes"] as const) {
        const own = { ...same, [field]: !on };
        expect(paperworkOf({ [field]: !on }, settings(on))).to.deep.equal(own);
      }
    });
  }

  const CASES = [
    [true, "exclusive", "exclusive"],
    [true, "inclusive", "inclusive"],
    [true, undefined, null],
    [false, "exclusive", null],
    [false, "inclusive", null],
    [false, undefined, null],
  ] as const;
  for (const [automaticTax, taxBehavior, said] of CASES) {
    it(`P43 says ${said} of ${taxBehavior ?? "unspecified"}, automatic tax ${automaticTax}`, () => {
      expect(taxOf({ taxBehavior }, { automaticTax })).to.equal(said);
    });
  }
});
