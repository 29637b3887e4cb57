/**
 * The least that can be charged, in minor units. Source: Stripe docs, "Minimum and maximum charge
 * amounts".
 */
const MINIMUMS: Readonly<Record<string, number>> = {
  aed: 200,
  aud: 50,
  bgn: 100,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1_500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  inr: 50,
  jpy: 50,
  mxn: 1_000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1_000,
  usd: 50,
};

/**
 * Returns what is charged where an amount is due. A smaller amount than can be charged goes on the
 * customer's balance, and is taken with the next payment.
 */
export function chargeable(due: number, currency: string): number {
  return due < (MINIMUMS[currency.toLowerCase()] ?? 1) ? 0 : due;
}
