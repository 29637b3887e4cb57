import type { Stripe } from "stripe";
import { invalidRequest } from "../../engine/request_error.ts";
import { isHash } from "../form.ts";
import {
  between,
  clearable,
  flag,
  hash,
  integer,
  list,
  metadata,
  oneOf,
  type Param,
  type Read,
  required,
  type ShapeOf,
  text,
  upTo,
} from "../params.ts";
import { amount, checkAmount, currency, decimalAmount } from "./amounts.ts";

export const INTERVAL = oneOf("day", "week", "month", "year");
export const TAX_BEHAVIOR = oneOf("exclusive", "inclusive", "unspecified");

/** At most three years. Source: stripe-node, `PriceCreateParams.Recurring.interval_count`. */
const MOST_INTERVALS = { day: 1095, week: 156, month: 36, year: 3 } as const;

const TIERS = list(
  hash({
    flat_amount: amount,
    flat_amount_decimal: decimalAmount,
    unit_amount: amount,
    unit_amount_decimal: decimalAmount,
    up_to: upToParam,
  }),
);

const OPTION = hash({
  tax_behavior: TAX_BEHAVIOR,
  tiers: TIERS,
  unit_amount: amount,
  unit_amount_decimal: decimalAmount,
});

/** What a request says of an option per currency, by the currency in lower case. */
export type OptionParams = NonNullable<ReturnType<typeof OPTION>>;

/** The price of an amount per currency; the names are currencies. */
export const currencyOptions: Param<Record<string, OptionParams> | undefined> = (value, name) => {
  if (value === undefined || value === "") {
    return undefined;
  }
  if (!isHash(value)) {
    throw invalidRequest(`Invalid hash: ${name}`, name);
  }
  const options = Object.entries(value).map(([key, option]) => {
    const code = required(currency)(key, `${name}[${key}]`);
    return [code, required(OPTION)(option, `${name}[${key}]`)];
  });
  return Object.fromEntries(options);
};

/** The parameters of a new price, whose product is known. */
export const PRICE_DATA = {
  billing_scheme: oneOf("per_unit", "tiered"),
  currency: required(currency),
  currency_options: currencyOptions,
  recurring: hash({
    interval: required(INTERVAL),
    interval_count: integer,
    meter: text,
    trial_period_days: between(1, 730),
    usage_type: oneOf("licensed", "metered"),
  }),
  tax_behavior: TAX_BEHAVIOR,
  tiers: TIERS,
  tiers_mode: oneOf("graduated", "volume"),
  transform_quantity: hash({
    divide_by: required(between(1, 999_999_999)),
    round: required(oneOf("down", "up")),
  }),
  unit_amount: amount,
  unit_amount_decimal: decimalAmount,
};

/** The parameters of a new price. */
export const NEW_PRICE = {
  ...PRICE_DATA,
  active: flag,
  lookup_key: upTo(200),
  metadata,
  nickname: text,
  product: text,
  product_data: hash({
    active: flag,
    id: text,
    metadata,
    name: required(text),
    statement_descriptor: upTo(22),
    tax_code: text,
    unit_label: clearable(upTo(12)),
  }),
  transfer_lookup_key: flag,
} satisfies ShapeOf<Stripe.PriceCreateParams>;

export type PriceData = Read<typeof PRICE_DATA>;

/**
 * Refuses what Stripe refuses of a price's parameters together.
 *
 * @param prefix where they stand, such as `line_items[0][price_data]`
 * @throws {RequestError}
 */
export function checkPriceData(params: PriceData, prefix = ""): void {
  const at = (name: string) => (prefix === "" ? name : `${prefix}[${name}]`);
  const { billing_scheme: scheme, tiers, tiers_mode: mode, transform_quantity: transform } = params;
  if (scheme === "tiered") {
    checkTiers(tiers, mode, at);
    refuseWith(params, ["unit_amount", "unit_amount_decimal", "transform_quantity"], at, "tiered");
  } else {
    refuseWith(params, ["tiers", "tiers_mode"], at, "per_unit");
    checkUnitAmount(params, at);
  }
  if (transform !== undefined && params.recurring?.usage_type === "metered" && tiers) {
    throw invalidRequest("`transform_quantity` cannot be combined with tiers.", at("tiers"));
  }
  for (const [code, option] of Object.entries(params.currency_options ?? {})) {
    const value = option.unit_amount ?? wholeOf(option.unit_amount_decimal);
    if (value !== undefined) {
      checkAmount(value, code, at(`currency_options[${code}][unit_amount]`));
    }
  }
  checkRecurring(params.recurring, at);
}

/** The whole amount that a decimal says; undefined where it has a fraction. */
export function wholeOf(decimal: string | undefined): number | undefined {
  return decimal !== undefined && /^\d+$/.test(decimal) ? Number(decimal) : undefined;
}

type At = (name: string) => string;

function checkUnitAmount(params: PriceData, at: At): void {
  const { unit_amount: unit, unit_amount_decimal: decimal } = params;
  if (unit === undefined && decimal === undefined) {
    throw invalidRequest(
      "You must provide either `unit_amount` or `unit_amount_decimal` when using the `per_unit` " +
        "billing scheme.",
      at("unit_amount"),
      "parameter_missing",
    );
  }
  if (unit !== undefined && decimal !== undefined) {
    throw invalidRequest(
      "You may only specify one of these parameters: unit_amount, unit_amount_decimal.",
      at("unit_amount"),
    );
  }
  checkAmount(unit ?? Number(decimal), params.currency, at("unit_amount"));
}

function checkTiers(tiers: PriceData["tiers"], mode: PriceData["tiers_mode"], at: At): void {
  if (mode === undefined || tiers === undefined || tiers.length === 0) {
    const name = at(mode === undefined ? "tiers_mode" : "tiers");
    throw invalidRequest(`Missing required param: ${name}.`, name, "parameter_missing");
  }
  const bounds = tiers.map(({ up_to: bound }) => bound ?? "inf");
  const rising = bounds.every((bound, index) =>
    bound === "inf"
      ? index === bounds.length - 1
      : index === 0 || bound > Number(bounds[index - 1]),
  );
  if (!rising || bounds.at(-1) !== "inf") {
    throw invalidRequest(
      "Tiers must have rising `up_to` values, of which the last is `inf`.",
      at("tiers"),
    );
  }
}

function checkRecurring(recurring: PriceData["recurring"], at: At): void {
  if (recurring === undefined) {
    return;
  }
  const { interval, interval_count: count = 1, usage_type: usage, meter } = recurring;
  if (count < 1 || count > MOST_INTERVALS[interval]) {
    throw invalidRequest(
      `Invalid interval count: a price can recur every ${MOST_INTERVALS[interval]} ${interval}s ` +
        "(three years) at most.",
      at("recurring[interval_count]"),
    );
  }
  if ((usage === "metered") !== (meter !== undefined)) {
    throw invalidRequest(
      usage === "metered"
        ? "Metered prices must be backed by a meter: pass `recurring[meter]`."
        : "`recurring[meter]` can only be used with `recurring[usage_type]` metered.",
      at("recurring[meter]"),
    );
  }
}

function refuseWith(
  params: PriceData,
  names: readonly (keyof PriceData)[],
  at: At,
  scheme: string,
): void {
  const [name] = names.filter((candidate) => params[candidate] !== undefined);
  if (name !== undefined) {
    throw invalidRequest(
      `\`${at(name)}\` cannot be used with the \`${scheme}\` billing scheme.`,
      at(name),
    );
  }
}

function upToParam(...[value, name]: Parameters<Param<unknown>>): number | "inf" | undefined {
  return value === "inf" ? "inf" : integer(value, name);
}
