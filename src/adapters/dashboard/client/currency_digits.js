// Written by `npm run docs` from src/domain/catalog/currencies.ts.

/**
 * Digits of Stripe's minor units, where they are not two.
 * @type {Readonly<Record<string, number>>}
 */
export const DIGITS = {
  bif: 0,
  clp: 0,
  djf: 0,
  gnf: 0,
  jpy: 0,
  kmf: 0,
  krw: 0,
  mga: 0,
  pyg: 0,
  rwf: 0,
  vnd: 0,
  vuv: 0,
  xaf: 0,
  xof: 0,
  xpf: 0,
  bhd: 3,
  jod: 3,
  kwd: 3,
  omr: 3,
  tnd: 3,
};

/**
 * Currencies that have hundredths at Stripe only: people read them without.
 * @type {readonly string[]}
 */
export const SHOWN_WHOLE = ["isk", "ugx"];
