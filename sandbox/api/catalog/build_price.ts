import { createPrice, type NewPrice } from "../../engine/catalog/catalog.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { PriceDetails } from "../../state/catalog_records.ts";
import type { WirePrice } from "../../state/wire.ts";
import { given } from "../params.ts";
import { type OptionParams, type PriceData, wholeOf } from "./price_params.ts";

type Extra = Pick<NewPrice, "product"> &
  Partial<Pick<NewPrice, "active" | "lookup_key" | "metadata" | "nickname">>;

/** Makes the price that a request describes. */
export function buildPrice(tx: Transaction, data: PriceData, extra: Extra): WirePrice {
  const { currency, tiers_mode: mode, transform_quantity: transform } = data;
  return createPrice(
    tx,
    {
      ...extra,
      ...amountsOf(data),
      ...given({ tax_behavior: data.tax_behavior }),
      billing_scheme: data.billing_scheme ?? "per_unit",
      currency,
      recurring: recurringOf(data.recurring),
      tiers_mode: mode ?? null,
      transform_quantity: transform ?? null,
    },
    detailsOf(data),
  );
}

/** The amounts of a price in further currencies, and its own beside them, as Stripe shows them. */
export function optionsOf(
  options: Readonly<Record<string, OptionParams>>,
): NonNullable<PriceDetails["currency_options"]> {
  return Object.fromEntries(
    Object.entries(options).map(([code, sent]) => [
      code,
      {
        custom_unit_amount: null,
        tax_behavior: sent.tax_behavior ?? "unspecified",
        ...(sent.tiers && { tiers: sent.tiers.map(tierOf) }),
        ...amountsOf(sent),
      },
    ]),
  );
}

function detailsOf(data: PriceData): PriceDetails {
  const own = { ...amountsOf(data), tax_behavior: data.tax_behavior ?? "unspecified" };
  return {
    currency_options: {
      [data.currency]: { custom_unit_amount: null, ...own },
      ...optionsOf(data.currency_options ?? {}),
    },
    tiers: data.tiers?.map(tierOf) ?? null,
  };
}

type Amounts = Pick<WirePrice, "unit_amount" | "unit_amount_decimal">;

function amountsOf(sent: {
  unit_amount: number | undefined;
  unit_amount_decimal: string | undefined;
}): Amounts {
  const whole = sent.unit_amount ?? wholeOf(sent.unit_amount_decimal) ?? null;
  return {
    unit_amount: whole,
    unit_amount_decimal: sent.unit_amount_decimal ?? (whole === null ? null : String(whole)),
  };
}

function tierOf(
  sent: NonNullable<PriceData["tiers"]>[number],
): NonNullable<PriceDetails["tiers"]>[number] {
  const unit = amountsOf(sent);
  const flat = amountsOf({
    unit_amount: sent.flat_amount,
    unit_amount_decimal: sent.flat_amount_decimal,
  });
  return {
    flat_amount: flat.unit_amount,
    flat_amount_decimal: flat.unit_amount_decimal,
    ...unit,
    up_to: sent.up_to === "inf" ? null : (sent.up_to ?? null),
  };
}

function recurringOf(sent: PriceData["recurring"]): WirePrice["recurring"] {
  return sent === undefined
    ? null
    : {
        interval: sent.interval,
        interval_count: sent.interval_count ?? 1,
        meter: sent.meter ?? null,
        trial_period_days: sent.trial_period_days ?? null,
        usage_type: sent.usage_type ?? "licensed",
      };
}
