import type { Stripe } from "stripe";
import { PortError } from "../../../../application/ports/port_error.ts";
import type { TopUpOutcome } from "../../../../application/ports/tokens/token_pack_payments.ts";
import { callStripe } from "../../call_stripe.ts";
import { stripeCodeOf } from "../../port_error_of.ts";
import { readInvoice, readPaymentAttempt, unlessMoved } from "./moving_invoice.ts";

/**
 * Makes an unpaid invoice unpayable; what was paid meanwhile is told. Only drafts are deleted, so one
 * that is gone was given up before, whatever a repeated answer says of it.
 *
 * @throws {PortError}
 */
export async function giveUp(
  stripe: Stripe,
  id: string,
  otherwise: TopUpOutcome,
): Promise<TopUpOutcome> {
  try {
    return await giveUpAsItIs(stripe, id, otherwise);
  } catch (error) {
    if (stripeCodeOf(error) === "resource_missing") {
      return { type: "withdrawn" };
    }
    throw error;
  }
}

async function giveUpAsItIs(
  stripe: Stripe,
  id: string,
  otherwise: TopUpOutcome,
): Promise<TopUpOutcome> {
  const invoice = await readInvoice(stripe, id);
  switch (invoice.text("status")) {
    case "paid":
      return { type: "paid", invoiceId: id };
    case "draft":
      await callStripe({ action: `delete draft "${id}"`, object: "invoice", id }, () =>
        stripe.invoices.del(id),
      );
      return otherwise;
    case "open":
      return (await readPaymentAttempt(stripe, id)).isProcessing
        ? { type: "pending" }
        : await voided(stripe, id, otherwise);
    default:
      return otherwise;
  }
}

async function voided(stripe: Stripe, id: string, otherwise: TopUpOutcome): Promise<TopUpOutcome> {
  const action = `void invoice "${id}"`;
  const invoice = await unlessMoved(stripe, { id, from: "open", action }, () =>
    stripe.invoices.voidInvoice(id),
  );
  switch (invoice.text("status")) {
    case "paid":
      return { type: "paid", invoiceId: id };
    case "open":
      throw new PortError(`Cannot void invoice "${id}": it is still open`, { transient: true });
    default:
      return otherwise;
  }
}
