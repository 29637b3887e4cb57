import type { Stripe } from "stripe";
import type {
  PreviewLine,
  PreviewPart,
  PriceChange,
  PriceChangePreview,
  Purchase,
} from "../../../application/ports/subscription/payment_gateway.ts";
import { callStripe } from "../call_stripe.ts";
import { stripeCodeOf } from "../port_error_of.ts";
import { mapSnapshotLine, priceIdOfLine } from "../subscription/map_snapshot_invoice.ts";
import type { WireObject } from "../wire_object.ts";

type PreviewParams = Stripe.InvoiceCreatePreviewParams;

/**
 * Asks Stripe for an invoice that a purchase or a change would lead to. Nothing is changed.
 *
 * @throws {PortError}
 */
export async function previewChange(
  stripe: Stripe,
  change: PriceChange | Purchase,
  part: PreviewPart,
): Promise<PriceChangePreview> {
  const action = `preview an invoice of customer "${change.customerId}"`;
  const params = {
    customer: change.customerId,
    ...("subscriptionId" in change
      ? changeParams(change, part)
      : {
          ...purchaseParams(change, part),
          ...(change.automaticTax && { automatic_tax: { enabled: true } }),
        }),
    ...(part === "recurring" && { preview_mode: "recurring" as const }),
  };
  const wire = await preview(stripe, action, params);
  const lines = wire.child("lines").objects("data");
  const taxes = wire.objectsOrNone("total_taxes");
  return {
    dueNow: wire.integer("amount_due"),
    total: wire.integer("total"),
    startingBalance: wire.integerOrNull("starting_balance") ?? 0,
    tax: sumOf(taxes),
    taxIncluded: sumOf(taxes.filter((tax) => tax.textOrNull("tax_behavior") === "inclusive")),
    currency: wire.text("currency"),
    lines: lines.map((line) => lineOf(line, wire)),
    discount: sumOf(wire.objectsOrNone("total_discount_amounts")),
  };
}

/** Without tax where Stripe refuses because it does not know where the customer is. */
async function preview(stripe: Stripe, action: string, params: PreviewParams): Promise<WireObject> {
  const ask = async (asked: PreviewParams) =>
    (await callStripe({ action, object: "invoice" }, () => stripe.invoices.createPreview(asked)))
      .wire;
  try {
    return await ask(params);
  } catch (error) {
    if (stripeCodeOf(error) !== "customer_tax_location_invalid") {
      throw error;
    }
    return await ask({ ...params, automatic_tax: { enabled: false } });
  }
}

function purchaseParams({ priceId, trialEnd }: Purchase, part: PreviewPart): PreviewParams {
  return {
    subscription_details: {
      items: [{ price: priceId, quantity: 1 }],
      ...(trialEnd !== null &&
        part === "now" && { trial_end: Math.floor(trialEnd.getTime() / 1000) }),
    },
  };
}

function changeParams(change: PriceChange, part: PreviewPart): PreviewParams {
  const { subscriptionId, itemId, priceId, quantity, endsTrial, discountIds } = change;
  return {
    subscription: subscriptionId,
    ...(discountIds && { discounts: discountsParam(discountIds) }),
    subscription_details: {
      items: [{ id: itemId, price: priceId, quantity }],
      ...(part === "now" && {
        proration_behavior: "always_invoice",
        billing_cycle_anchor: { type: "now" },
        ...(endsTrial && { trial_end: "now" }),
      }),
      ...(part === "at_renewal" && { proration_behavior: "none" }),
    },
  };
}

/** Without any, an empty text keeps those of the subscription away. */
function discountsParam(ids: readonly string[]): NonNullable<PreviewParams["discounts"]> {
  return ids.length === 0 ? "" : ids.map((discount) => ({ discount }));
}

function lineOf(line: WireObject, invoice: WireObject): PreviewLine {
  const { amount, period, proration, credited } = mapSnapshotLine(line, { invoice, price: null });
  const description = line.textOrNull("description") ?? "";
  return { description, priceId: priceIdOfLine(line), amount, period, proration, credited };
}

function sumOf(amounts: readonly WireObject[]): number {
  return amounts.reduce((sum, one) => sum + one.integer("amount"), 0);
}
