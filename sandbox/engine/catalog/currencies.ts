/**
 * The currencies that Stripe charges in, with where its minor units differ from a hundredth.
 * Source: docs.stripe.com/currencies.
 */
const TWO_DECIMALS =
  "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad " +
  "cdf chf cny cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg " +
  "huf idr ils inr isk jmd kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr " +
  "mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sek " +
  "sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah ugx uyu uzs wst xcd yer zar zmw";
const NO_DECIMALS = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf";
const THREE_DECIMALS = "bhd jod kwd omr tnd";

const NONE: ReadonlySet<string> = new Set(NO_DECIMALS.split(" "));
const THREE: ReadonlySet<string> = new Set(THREE_DECIMALS.split(" "));

/** Every currency that Stripe charges in, in lower case. */
export const CURRENCIES: readonly string[] = [TWO_DECIMALS, NO_DECIMALS, THREE_DECIMALS]
  .join(" ")
  .split(" ");

/** Amounts of the first have up to twelve digits, of the others ten; all else up to eight. */
const LARGE: Readonly<Record<string, number>> = {
  idr: 999_999_999_999,
  cop: 9_999_999_999,
  huf: 9_999_999_999,
  jpy: 9_999_999_999,
  krw: 9_999_999_999,
  vnd: 9_999_999_999,
};

/** The largest amount of a currency in minor units. */
export function maximumAmount(currency: string): number {
  return new Map(Object.entries(LARGE)).get(currency) ?? 99_999_999;
}

/** How many digits of an amount are decimals. Locale data counts some currencies otherwise. */
export function decimalsOf(currency: string): number {
  if (THREE.has(currency)) {
    return 3;
  }
  return NONE.has(currency) ? 0 : 2;
}

/** Whether the last digit of the currency's amounts has to be 0: it has three, of which two count. */
export function endsInZero(currency: string): boolean {
  return THREE.has(currency);
}
