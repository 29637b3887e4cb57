import { newId } from "../../state/ids.ts";
import type { WireTaxRate } from "../../state/wire.ts";

/** What a tax rate is made of. */
export type TaxRateFields = Pick<WireTaxRate, "display_name" | "inclusive" | "percentage"> &
  Partial<WireTaxRate>;

/** Builds a tax rate that is created at `now` in Unix seconds. */
export function buildTaxRate(now: number, fields: TaxRateFields): WireTaxRate {
  return {
    id: newId("txr"),
    object: "tax_rate",
    active: true,
    country: null,
    created: now,
    description: null,
    effective_percentage: fields.percentage,
    flat_amount: null,
    jurisdiction: fields.country ?? null,
    jurisdiction_level: null,
    livemode: false,
    metadata: {},
    rate_type: "percentage",
    state: null,
    tax_type: null,
    ...fields,
  };
}
