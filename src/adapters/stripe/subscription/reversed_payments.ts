import type { Stripe } from "stripe";
import { PortError } from "../../../application/ports/port_error.ts";
import type { InvoiceReversal } from "../../../domain/subscription/payment_reversal.ts";
import { callStripe } from "../call_stripe.ts";
import { listAll } from "../list_all.ts";
import { stripeCodeOf } from "../port_error_of.ts";
import { reversalsOf } from "../reversals.ts";
import type { WireObject } from "../wire_object.ts";

const LARGEST_PAGE = 100;

/**
 * Lists the refunds and disputes of a customer's invoice payments.
 *
 * @throws {PortError}
 */
export async function reversedPayments(
  stripe: Stripe,
  customerId: string,
): Promise<InvoiceReversal[]> {
  const action = `list the charges of customer "${customerId}"`;
  const charges = listAll({ action, object: "charge" }, (cursor) =>
    stripe.charges.list({
      customer: customerId,
      limit: LARGEST_PAGE,
      expand: ["data.refunds"],
      ...cursor,
    }),
  );
  const found: InvoiceReversal[] = [];
  try {
    for await (const charge of charges) {
      if (charge.integer("amount_refunded") > 0 || charge.flag("disputed")) {
        const invoiceId = await invoiceOf(stripe, charge);
        const reversals = invoiceId === null ? [] : await reversalsOf(stripe, charge);
        found.push(...reversals.map((one) => ({ ...one, invoiceId: invoiceId ?? "" })));
      }
    }
  } catch (error) {
    if (!(error instanceof PortError && stripeCodeOf(error) === "resource_missing")) {
      throw error;
    }
  }
  return found;
}

/** Returns the id of the invoice that a charge paid; `null` for a payment without one. */
async function invoiceOf(stripe: Stripe, charge: WireObject): Promise<string | null> {
  const intent = charge.idOrNull("payment_intent");
  if (intent === null) {
    return null;
  }
  const action = `find the invoice of payment "${intent}"`;
  const { wire } = await callStripe({ action, object: "list" }, () =>
    stripe.invoicePayments.list({
      payment: { type: "payment_intent", payment_intent: intent },
      status: "paid",
      limit: 1,
    }),
  );
  return wire.objects("data")[0]?.id("invoice") ?? null;
}
