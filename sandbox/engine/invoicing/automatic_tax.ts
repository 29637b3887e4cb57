import type { State } from "../../state/state.ts";
import type { WireInvoice, WireTaxRate } from "../../state/wire.ts";
import { buildTaxRate } from "./tax_rates.ts";

/** One flat rate for each country, in percent. Others are not collected in. */
const RATES: Readonly<Record<string, number>> = {
  AT: 20,
  AU: 10,
  BE: 21,
  BG: 20,
  CH: 8.1,
  CY: 19,
  CZ: 21,
  DE: 19,
  DK: 25,
  EE: 24,
  ES: 21,
  FI: 25.5,
  FR: 20,
  GB: 20,
  GR: 24,
  HR: 25,
  HU: 27,
  IE: 23,
  IT: 22,
  JP: 10,
  LT: 21,
  LU: 17,
  LV: 21,
  MT: 18,
  NL: 21,
  NO: 25,
  NZ: 15,
  PL: 23,
  PT: 23,
  RO: 21,
  SE: 25,
  SI: 22,
  SK: 23,
};

const NOT_IN_THE_UNION = ["AU", "CH", "GB", "JP", "NO", "NZ"];

/** The rate that automatic tax charges in a country; undefined where it collects none. */
export function automaticRate(
  state: State,
  country: string | null,
  behavior: "inclusive" | "exclusive",
): WireTaxRate | undefined {
  const percentage = new Map(Object.entries(RATES)).get(country ?? "");
  if (percentage === undefined || country === null) {
    return undefined;
  }
  const id = `txr_automatic${country}${behavior}`;
  const known = state.taxRates.get(id);
  if (known !== undefined) {
    return known;
  }
  const rate = buildTaxRate(0, {
    id,
    percentage,
    country,
    display_name: country === "AU" || country === "NZ" ? "GST" : "VAT",
    inclusive: behavior === "inclusive",
    active: false,
    tax_type: country === "AU" || country === "NZ" ? "gst" : "vat",
  });
  state.taxRates.set(id, rate);
  return rate;
}

/** Whether a business in the European Union owes the tax itself, because it has given its VAT id. */
export function isReverseCharged(invoice: WireInvoice): boolean {
  const country = invoice.customer_address?.country ?? "";
  const inUnion = country in RATES && !NOT_IN_THE_UNION.includes(country);
  return inUnion && (invoice.customer_tax_ids ?? []).some(({ type }) => type === "eu_vat");
}
