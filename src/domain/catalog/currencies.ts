/**
 * The currencies that Stripe charges in, and what an amount in each can be. What a runtime's locale
 * data says is no source: it counts several currencies otherwise than Stripe does.
 * Source: Stripe docs, "Supported currencies".
 * @module
 */

const TWO_DECIMALS =
  "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad " +
  "cdf chf cny cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg " +
  "huf idr ils inr isk jmd kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr " +
  "mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sek " +
  "sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah ugx uyu uzs wst xcd yer zar zmw";
const NO_DECIMALS = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf";
const THREE_DECIMALS = "bhd jod kwd omr tnd";

/** What an amount in a currency can be. */
export interface Currency {
  /** Digits after the decimal point: an amount of 1 is the last of them. */
  readonly digits: 0 | 2 | 3;
  /** Amounts are multiples of this many minor units. */
  readonly step: 1 | 10 | 100;
  /** The least that Stripe charges, in minor units. */
  readonly least: number;
  /** The most that Stripe charges, in minor units. */
  readonly most: number;
}

/** Currencies without a fraction, whose amounts Stripe takes in hundredths all the same. */
const WHOLE_HUNDREDS: ReadonlySet<string> = new Set(["isk", "ugx"]);

/** In minor units. Others have no minimum of their own. */
const LEAST: ReadonlyMap<string, number> = new Map([
  ...each("aud brl cad chf eur inr jpy nzd sgd usd", 50),
  ...each("aed myr pln ron", 200),
  ...each("nok sek", 300),
  ...each("mxn thb", 1_000),
  ...each("gbp", 30),
  ...each("bgn", 100),
  ...each("dkk", 250),
  ...each("hkd", 400),
  ...each("czk", 1_500),
  ...each("huf", 17_500),
]);

/** Ten and twelve digits, where all others have eight. */
const MOST: ReadonlyMap<string, number> = new Map([
  ...each("cop huf jpy krw vnd", 9_999_999_999),
  ...each("idr", 999_999_999_999),
]);

/** Every currency that Stripe charges in, by its ISO 4217 code in lower case. */
export const CURRENCIES: ReadonlyMap<string, Currency> = new Map([
  ...described(TWO_DECIMALS, 2),
  ...described(NO_DECIMALS, 0),
  ...described(THREE_DECIMALS, 3),
]);

/**
 * Returns what is charged of an amount due. One that is too small to be charged goes on the
 * customer's balance and is taken with the next payment.
 *
 * @param due minor units of `currency`
 * @param currency ISO 4217, lower case
 */
export function chargeable(due: number, currency: string): number {
  return due < (CURRENCIES.get(currency)?.least ?? 1) ? 0 : due;
}

/**
 * Says why nobody could pay an amount, in one sentence; `undefined` where it can be paid.
 *
 * @param amount minor units of `currency`
 * @param currency ISO 4217, lower case
 */
export function amountProblem(amount: number, currency: string): string | undefined {
  const rule = CURRENCIES.get(currency);
  const code = currency.toUpperCase();
  if (rule === undefined) {
    return `Stripe charges in no currency "${currency}"`;
  }
  if (amount < rule.least) {
    return `Stripe charges at least ${rule.least} minor units of ${code}, not ${amount}`;
  }
  if (amount > rule.most) {
    return `Stripe charges at most ${rule.most} minor units of ${code}, not ${amount}`;
  }
  return amount % rule.step === 0
    ? undefined
    : `Amounts in ${code} are multiples of ${rule.step} minor units, and ${amount} is not`;
}

function each<T>(codes: string, value: T): readonly (readonly [string, T])[] {
  return codes.split(" ").map((code) => [code, value]);
}

function described(
  codes: string,
  digits: Currency["digits"],
): readonly (readonly [string, Currency])[] {
  return codes.split(" ").map((code) => [
    code,
    {
      digits,
      step: stepOf(code, digits),
      least: LEAST.get(code) ?? 1,
      most: MOST.get(code) ?? 99_999_999,
    },
  ]);
}

function stepOf(code: string, digits: Currency["digits"]): Currency["step"] {
  if (WHOLE_HUNDREDS.has(code)) {
    return 100;
  }
  return digits === 3 ? 10 : 1;
}
