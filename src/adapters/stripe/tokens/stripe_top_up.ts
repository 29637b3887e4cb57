import type { Stripe } from "stripe";
import { PortError } from "../../../application/ports/port_error.ts";
import type {
  TopUpOutcome,
  TopUpRequest,
} from "../../../application/ports/tokens/token_pack_payments.ts";
import { stripeCodeOf, stripeStatusOf } from "../port_error_of.ts";
import type { WireObject } from "../wire_object.ts";
import { pay, storedMethod } from "./top_up/charge_invoice.ts";
import { giveUp } from "./top_up/give_up_invoice.ts";
import { readPaymentAttempt } from "./top_up/moving_invoice.ts";
import { addPack, createInvoice, finalize, findInvoice } from "./top_up/top_up_invoice.ts";

/** The key is wrong or lacks a permission: an operator's fault, not the payment's. */
const KEY_FAULTS: readonly (number | null)[] = [401, 403];

/**
 * Buys a pack by an invoice that is charged to the stored card at once: looks for the invoice, and
 * goes on from where it is. It never advances by itself, so Stripe charges it only when asked; a
 * refused one is made void before that is told.
 *
 * @throws {PortError} transient where it is to be tried again
 */
export async function topUp(stripe: Stripe, request: TopUpRequest): Promise<TopUpOutcome> {
  const found = await findInvoice(stripe, request);
  if (found === undefined && !request.mayCharge) {
    return { type: "withdrawn" };
  }
  let invoice = found;
  try {
    const method = await storedMethod(stripe, request.customerId);
    if (method === null && found === undefined) {
      return { type: "refused", reason: "no_payment_method" };
    }
    invoice ??= await createInvoice(stripe, request);
    return await advance(stripe, invoice, { ...request, method });
  } catch (error) {
    const isFinal = error instanceof PortError && !error.transient;
    if (!isFinal || KEY_FAULTS.includes(stripeStatusOf(error))) {
      throw error;
    }
    const reason = stripeCodeOf(error) ?? "payment_refused";
    return invoice === undefined
      ? { type: "refused", reason }
      : await giveUp(stripe, invoice.text("id"), { type: "refused", reason });
  }
}

async function advance(
  stripe: Stripe,
  invoice: WireObject,
  request: TopUpRequest & { method: string | null },
): Promise<TopUpOutcome> {
  const id = invoice.text("id");
  const status = invoice.text("status");
  switch (status) {
    case "paid":
      return { type: "paid", invoiceId: id };
    case "draft":
      if (!request.mayCharge) {
        return await giveUp(stripe, id, { type: "withdrawn" });
      }
      await addPack(stripe, invoice, request);
      return await advance(stripe, await finalize(stripe, id), request);
    case "open":
      return await advanceOpen(stripe, invoice, request);
    case "void":
      return request.mayCharge && invoice.flag("attempted")
        ? { type: "refused", reason: await refusalOf(stripe, id) }
        : { type: "withdrawn" };
    default:
      return { type: "refused", reason: `invoice_${status}` };
  }
}

/** A payment that was tried is not tried again: a debit that fails days later is a decline, too. */
async function advanceOpen(
  stripe: Stripe,
  invoice: WireObject,
  { mayCharge, method }: TopUpRequest & { method: string | null },
): Promise<TopUpOutcome> {
  const id = invoice.text("id");
  if ((await readPaymentAttempt(stripe, id)).isProcessing) {
    return { type: "pending" };
  }
  if (!mayCharge) {
    return await giveUp(stripe, id, { type: "withdrawn" });
  }
  if (invoice.flag("attempted")) {
    return await giveUp(stripe, id, { type: "refused", reason: await refusalOf(stripe, id) });
  }
  return (await pay(stripe, id, method)).text("status") === "paid"
    ? { type: "paid", invoiceId: id }
    : { type: "pending" };
}

async function refusalOf(stripe: Stripe, id: string): Promise<string> {
  return (await readPaymentAttempt(stripe, id)).refusal ?? "payment_refused";
}
