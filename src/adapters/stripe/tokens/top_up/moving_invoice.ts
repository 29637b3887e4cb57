import type { Stripe } from "stripe";
import { callStripe } from "../../call_stripe.ts";
import { stripeStatusOf } from "../../port_error_of.ts";
import type { WireObject } from "../../wire_object.ts";

/**
 * Changes an invoice; one that somebody else has moved on meanwhile is answered as it is.
 *
 * @throws {PortError}
 */
export async function unlessMoved(
  stripe: Stripe,
  { id, from, action }: { id: string; from: "draft" | "open"; action: string },
  change: () => Promise<unknown>,
): Promise<WireObject> {
  try {
    return (await callStripe({ action, object: "invoice", id }, change)).wire;
  } catch (error) {
    if (stripeStatusOf(error) !== 400) {
      throw error;
    }
    const invoice = await readInvoice(stripe, id);
    if (invoice.text("status") === from) {
      throw error;
    }
    return invoice;
  }
}

/** Reads an invoice. @throws {PortError} */
export async function readInvoice(stripe: Stripe, id: string): Promise<WireObject> {
  const { wire } = await callStripe({ action: `read invoice "${id}"`, object: "invoice", id }, () =>
    stripe.invoices.retrieve(id),
  );
  return wire;
}

/** How the last attempt to pay an invoice stands. */
export interface PaymentAttempt {
  /** Whether it is under way, as bank debits are for days. */
  readonly isProcessing: boolean;
  /** Why it failed: a code, such as `card_declined`; `null` if it has not, or Stripe does not say. */
  readonly refusal: string | null;
}

/** Reads the last attempt to pay an invoice. @throws {PortError} */
export async function readPaymentAttempt(stripe: Stripe, id: string): Promise<PaymentAttempt> {
  const action = `list the payments of invoice "${id}"`;
  const { wire } = await callStripe({ action, object: "list" }, () =>
    stripe.invoicePayments.list({
      invoice: id,
      limit: 1,
      expand: ["data.payment.payment_intent"],
    }),
  );
  const payment = wire.objects("data")[0]?.childOrNull("payment") ?? null;
  const intent = payment?.childOrNull("payment_intent") ?? null;
  return {
    isProcessing: intent?.textOrNull("status") === "processing",
    refusal: intent?.childOrNull("last_payment_error")?.textOrNull("code") ?? null,
  };
}
