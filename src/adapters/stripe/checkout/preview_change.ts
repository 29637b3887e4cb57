import type { Stripe } from "stripe";
import type {
  PreviewLine,
  PriceChange,
  PriceChangePreview,
  Purchase,
} from "../../../application/ports/subscription/payment_gateway.ts";
import { callStripe } from "../call_stripe.ts";
import { mapSnapshotLine, priceIdOfLine } from "../subscription/map_snapshot_invoice.ts";
import type { WireObject } from "../wire_object.ts";

type PreviewParams = Stripe.InvoiceCreatePreviewParams;

/**
 * Asks Stripe for the invoice that a purchase or a change would create now, or for that of the
 * whole period after it. Changes nothing.
 *
 * @throws {PortError}
 */
export async function previewChange(
  stripe: Stripe,
  change: PriceChange | Purchase,
  part: "due_now" | "recurring",
): Promise<PriceChangePreview> {
  const action = `preview an invoice of customer "${change.customerId}"`;
  const params = {
    customer: change.customerId,
    ...("subscriptionId" in change ? changeParams(change, part) : purchaseParams(change, part)),
    ...(part === "recurring" && { preview_mode: "recurring" as const }),
  };
  const { wire } = await callStripe({ action, object: "invoice" }, () =>
    stripe.invoices.createPreview(params),
  );
  const lines = wire.child("lines").objects("data");
  return {
    dueNow: wire.integer("amount_due"),
    total: wire.integer("total"),
    startingBalance: wire.integerOrNull("starting_balance") ?? 0,
    tax: sumOf(wire, "total_taxes"),
    currency: wire.text("currency"),
    lines: lines.map((line) => lineOf(line, wire)),
    discount: sumOf(wire, "total_discount_amounts"),
  };
}

function purchaseParams({ priceId, trialEnd }: Purchase, part: string): PreviewParams {
  return {
    subscription_details: {
      items: [{ price: priceId, quantity: 1 }],
      ...(trialEnd !== null &&
        part === "due_now" && { trial_end: Math.floor(trialEnd.getTime() / 1000) }),
    },
  };
}

function changeParams(change: PriceChange, part: string): PreviewParams {
  const { subscriptionId, itemId, priceId, quantity, endsTrial } = change;
  return {
    subscription: subscriptionId,
    subscription_details: {
      items: [{ id: itemId, price: priceId, quantity }],
      ...(part === "due_now" && {
        proration_behavior: "always_invoice",
        billing_cycle_anchor: { type: "now" },
        ...(endsTrial && { trial_end: "now" }),
      }),
    },
  };
}

function lineOf(line: WireObject, invoice: WireObject): PreviewLine {
  const { amount, period, proration, credited } = mapSnapshotLine(line, { invoice, price: null });
  const description = line.textOrNull("description") ?? "";
  return { description, priceId: priceIdOfLine(line), amount, period, proration, credited };
}

function sumOf(wire: WireObject, list: string): number {
  return wire.objectsOrNone(list).reduce((sum, one) => sum + one.integer("amount"), 0);
}
