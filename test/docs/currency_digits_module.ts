import { CURRENCIES } from "../../src/domain/catalog/currencies.ts";

/** What the Billing page has to know of currencies, as the module that it loads. */
export function currencyDigitsModule(): string {
  const digits = [...CURRENCIES].filter(([, rule]) => rule.digits !== 2);
  const lines = digits.map(([code, rule]) => `  ${code}: ${rule.digits},`);
  const whole = [...CURRENCIES].filter(([, { digits, step }]) => digits === 2 && step === 100);
  return [
    "// Written by `npm run docs` from src/domain/catalog/currencies.ts.",
    "",
    "/**",
    " * Digits of Stripe's minor units, where they are not two.",
    " * @type {Readonly<Record<string, number>>}",
    " */",
    "export const DIGITS = {",
    ...lines,
    "};",
    "",
    "/**",
    " * Currencies that have hundredths at Stripe only: people read them without.",
    " * @type {readonly string[]}",
    " */",
    `export const SHOWN_WHOLE = [${whole.map(([code]) => `"${code}"`).join(", ")}];`,
    "",
  ].join("\n");
}
