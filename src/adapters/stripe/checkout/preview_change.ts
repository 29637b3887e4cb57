import type { Stripe } from "stripe";
import type {
  PriceChange,
  PriceChangePreview,
} from "../../../application/ports/subscription/payment_gateway.ts";
import { periodLines } from "../../../domain/subscription/invoice.ts";
import { callStripe } from "../call_stripe.ts";
import { mapInvoice } from "../subscription/map_invoice.ts";

/**
 * Asks Stripe for the invoice that a change would make now. Nothing is changed.
 *
 * @throws {PortError}
 */
export async function previewChange(
  stripe: Stripe,
  { customerId, subscriptionId, itemId, priceId, endsTrial }: PriceChange,
): Promise<PriceChangePreview> {
  const action = `preview a change of subscription "${subscriptionId}"`;
  const { wire } = await callStripe({ action, object: "invoice" }, () =>
    stripe.invoices.createPreview({
      customer: customerId,
      subscription: subscriptionId,
      subscription_details: {
        items: [{ id: itemId, price: priceId, quantity: 1 }],
        proration_behavior: "always_invoice",
        billing_cycle_anchor: { type: "now" },
        ...(endsTrial && { trial_end: "now" as const }),
      },
    }),
  );
  const ends = periodLines(mapInvoice(wire)).map(({ period }) => period.end);
  return {
    dueNow: wire.integer("amount_due"),
    currency: wire.text("currency"),
    newPeriodEnd: ends.toSorted((a, b) => b.getTime() - a.getTime())[0] ?? null,
  };
}
