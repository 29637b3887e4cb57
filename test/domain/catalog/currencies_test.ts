import { expect } from "chai";
import {
  decimalsOf,
  endsInZero,
  maximumAmount,
  CURRENCIES as PLAYED,
} from "../../../sandbox/engine/catalog/currencies.ts";
import { formatMoney } from "../../../sandbox/engine/money.ts";
import { minimumCharge } from "../../../sandbox/engine/paying/minimum_charge.ts";
import { I18n } from "../../../src/adapters/dashboard/client/i18n.js";
import { amountProblem, CURRENCIES, chargeable } from "../../../src/domain/catalog/currencies.ts";
import { moneyText } from "../../../src/domain/catalog/money.ts";

/** Stripe docs, "Supported currencies": zero-decimal and three-decimal ones, and special cases. */
const WITHOUT_DECIMALS = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split(" ");
const WITH_THREE = "BHD JOD KWD OMR TND".split(" ");
const SPECIAL = "ISK UGX".split(" ");

describe("the currencies of the service, the page and the sandbox", () => {
  it("P42 are the same", () => {
    expect([...CURRENCIES.keys()].toSorted()).to.deep.equal(PLAYED.toSorted());
    expect(CURRENCIES.size).to.be.greaterThan(135);
  });

  for (const [code, { digits, step, least, most }] of CURRENCIES) {
    it(`P42 count ${code.toUpperCase()} in the same minor units, and take the same amounts`, () => {
      const name = code.toUpperCase();
      const others = WITH_THREE.includes(name) ? 3 : 2;
      expect(digits).to.equal(WITHOUT_DECIMALS.includes(name) ? 0 : others);
      expect(decimalsOf(code)).to.equal(digits);
      expect(endsInZero(code)).to.equal(step === 10);
      expect(step === 100).to.equal(SPECIAL.includes(name));
      expect(minimumCharge(code)).to.equal(least);
      expect(maximumAmount(code)).to.equal(most);

      const amount = 1_234_500;
      const major = amount / 10 ** digits;
      expect(Number.parseFloat(moneyText({ amount, currency: code }))).to.equal(major);
      expect(numberIn(formatMoney(amount, code))).to.equal(major);
      expect(numberIn(new I18n("en").money(amount, name))).to.equal(major);
    });

    it(`P42 let nobody publish what cannot be paid in ${code.toUpperCase()}`, () => {
      const first = Math.ceil(least / step) * step;
      const last = Math.floor(most / step) * step;
      expect(amountProblem(first, code)).to.equal(undefined);
      expect(amountProblem(last, code)).to.equal(undefined);
      expect(amountProblem(last + step, code)).to.match(/at most/);
      expect(amountProblem(least - 1, code)).to.match(/at least/);
      expect(amountProblem(first + 1, code) === undefined).to.equal(step === 1);
      expect([chargeable(least, code), chargeable(least - 1, code)]).to.deep.equal([least, 0]);
    });
  }

  it("P42 are those that there are", () => {
    expect(amountProblem(5_000, "zzz")).to.equal('Stripe charges in no currency "zzz"');
  });
});

/** The number in a text of money, such as `$1,234.50`. */
function numberIn(text: string): number {
  return Number(text.replaceAll(/[^\d.]/g, ""));
}
