import type { Stripe } from "stripe";
import { buildTaxRate } from "../../engine/invoicing/tax_rates.ts";
import { resourceMissing } from "../../engine/request_error.ts";
import { emit, emitChange, type Transaction } from "../../engine/transaction.ts";
import type { WireTaxRate } from "../../state/wire.ts";
import { created, inRange, matches, newestFirst, PAGE, page } from "../listing.ts";
import {
  flag,
  given,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  type ShapeOf,
  text,
  upTo,
} from "../params.ts";
import { type Route, route } from "../route.ts";
import { percentage } from "./money_params.ts";

const PATH = "/v1/tax_rates";

const FIELDS = {
  active: flag,
  country: upTo(2),
  description: text,
  jurisdiction: upTo(50),
  metadata,
  state: upTo(3),
  tax_type: oneOf("vat", "gst", "sales_tax", "hst", "jct", "pst", "qst", "rst", "igst"),
};

export const taxRateRoutes: Route[] = [
  route("POST", PATH, {
    params: {
      ...FIELDS,
      display_name: required(upTo(50)),
      inclusive: required(flag),
      percentage: required(percentage),
    } satisfies ShapeOf<Stripe.TaxRateCreateParams>,
    returns: "tax_rate",
    handle: ({ tx, params }) => {
      const { display_name, inclusive, percentage: percent, metadata: pairs, ...rest } = params;
      const rate = buildTaxRate(tx.now, {
        ...given(rest),
        display_name,
        inclusive,
        percentage: percent,
        metadata: mergeMetadata({}, pairs),
      });
      tx.state.taxRates.set(rate.id, rate);
      emit(tx, "tax_rate.created", rate);
      return rate;
    },
  }),
  route("GET", `${PATH}/:id`, {
    params: {},
    returns: "tax_rate",
    handle: ({ tx, id }) => rateOf(tx, id),
  }),
  route("POST", `${PATH}/:id`, {
    params: { ...FIELDS, display_name: upTo(50) } satisfies ShapeOf<Stripe.TaxRateUpdateParams>,
    returns: "tax_rate",
    handle: ({ tx, id, params: { metadata: pairs, ...fields } }) => {
      const rate = rateOf(tx, id);
      emitChange(tx, "tax_rate.updated", rate, (changed) => {
        Object.assign(changed, given(fields));
        changed.metadata = mergeMetadata(rate.metadata ?? {}, pairs);
      });
      return rate;
    },
  }),
  route("GET", PATH, {
    params: {
      ...PAGE,
      active: flag,
      created,
      inclusive: flag,
    } satisfies ShapeOf<Stripe.TaxRateListParams>,
    returns: "list:tax_rate",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.taxRates,
        (rate) =>
          matches(params.active, rate.active) &&
          matches(params.inclusive, rate.inclusive) &&
          inRange(rate.created, params.created),
      );
      return page(PATH, found, params);
    },
  }),
];

function rateOf(tx: Transaction, id: string): WireTaxRate {
  const rate = tx.state.taxRates.get(id);
  if (rate === undefined) {
    throw resourceMissing("tax rate", id, "tax_rate");
  }
  return rate;
}
