/**
 * The smallest charges in minor units of the charged currency
 * (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).
 */
const MINIMUMS: Readonly<Record<string, number>> = {
  aed: 200,
  aud: 50,
  bgn: 100,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
  usd: 50,
};

/** The least that can be charged in a currency; others are taken from the first minor unit on. */
export function minimumCharge(currency: string): number {
  return MINIMUMS[currency] ?? 1;
}
