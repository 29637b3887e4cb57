import type { State } from "../../state/state.ts";
import type { WireInvoice, WireInvoiceLine, WireTaxRate } from "../../state/wire.ts";
import { automaticRate, isReverseCharged } from "./automatic_tax.ts";
import { netOf } from "./line_amounts.ts";

type LineTax = NonNullable<WireInvoiceLine["taxes"]>[number];

/** Computes the taxes of every line of a draft from its rates, or automatically. */
export function taxLines(state: State, invoice: WireInvoice): void {
  const automatic = invoice.automatic_tax.enabled;
  const country = invoice.customer_address?.country ?? null;
  if (automatic) {
    invoice.automatic_tax.status = country === null ? "requires_location_inputs" : "complete";
  }
  for (const line of invoice.lines.data) {
    const rates = automatic
      ? [automaticRate(state, country, behaviorOf(state, line))].flatMap((rate) => rate ?? [])
      : ratesOf(state, invoice, line);
    line.taxes = taxesOf(line, rates, exemption(invoice));
  }
}

/** Why a customer pays no tax; undefined where it does. */
function exemption(invoice: WireInvoice): LineTax["taxability_reason"] | undefined {
  switch (invoice.customer_tax_exempt) {
    case "exempt":
      return "customer_exempt";
    case "reverse":
      return "reverse_charge";
    default:
      return invoice.automatic_tax.enabled && isReverseCharged(invoice)
        ? "reverse_charge"
        : undefined;
  }
}

function taxesOf(
  line: WireInvoiceLine,
  rates: readonly WireTaxRate[],
  exempt: LineTax["taxability_reason"] | undefined,
): LineTax[] {
  const net = netOf(line);
  const included = rates
    .filter(({ inclusive }) => inclusive)
    .reduce((sum, { percentage }) => sum + percentage, 0);
  const taxable = exempt === undefined ? net / (1 + included / 100) : net;
  return rates.map((rate) => ({
    amount: exempt === undefined ? Math.round((taxable * rate.percentage) / 100) : 0,
    tax_behavior: rate.inclusive ? "inclusive" : "exclusive",
    tax_rate_details: { tax_rate: rate.id },
    taxability_reason: exempt ?? "standard_rated",
    taxable_amount: exempt === undefined ? Math.round(taxable) : 0,
    type: "tax_rate_details",
  }));
}

/** The rates of the item that a line stands for, or else those of the whole invoice. */
function ratesOf(
  state: State,
  invoice: WireInvoice,
  { parent }: WireInvoiceLine,
): readonly WireTaxRate[] {
  const item = parent?.subscription_item_details;
  const subscription = state.subscriptions.get(item?.subscription ?? "");
  const own = subscription?.items.data.find(({ id }) => id === item?.subscription_item)?.tax_rates;
  const pending = state.invoiceItems.get(parent?.invoice_item_details?.invoice_item ?? "");
  const rates = [...(own ?? []), ...(pending?.tax_rates ?? [])];
  return rates.length > 0 ? rates : invoice.default_tax_rates;
}

function behaviorOf(state: State, line: WireInvoiceLine): "inclusive" | "exclusive" {
  const price = state.prices.get(line.pricing?.price_details?.price ?? "");
  return price?.tax_behavior === "inclusive" ? "inclusive" : "exclusive";
}
