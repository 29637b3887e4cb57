import type { Stripe } from "stripe";
import type { ReceivedPayment } from "../../../domain/subscription/findings/foreign.ts";
import { callStripe } from "../call_stripe.ts";
import { invoicePayments } from "../invoice_payments.ts";
import { readAll } from "../list_all.ts";
import type { WireObject } from "../wire_object.ts";
import { checkoutPayment, invoicePayment, packPayment } from "./received_payments.ts";

/**
 * Reads what was paid by an invoice, a Checkout, a payment, or a charge without one; `null` where that
 * was no money, or for nothing that we sell.
 *
 * @throws {PortError}
 */
export async function onePayment(stripe: Stripe, id: string): Promise<ReceivedPayment | null> {
  if (id.startsWith("in_")) {
    const { wire } = await callStripe(expected("invoice", id), () => stripe.invoices.retrieve(id));
    return await invoicePayment(stripe, wire);
  }
  if (id.startsWith("ch_")) {
    const { wire } = await callStripe(expected("charge", id), () => stripe.charges.retrieve(id));
    return packPayment(wire);
  }
  if (id.startsWith("cs_")) {
    return await paymentOfCheckout(stripe, id);
  }
  const session = await sessionOf(stripe, id);
  if (session !== null) {
    return await checkoutPayment(stripe, session, id);
  }
  const { wire } = await callStripe(expected("payment_intent", id), () =>
    stripe.paymentIntents.retrieve(id, { expand: ["latest_charge"] }),
  );
  const charge = wire.childOrNull("latest_charge");
  return charge === null ? null : packPayment(charge);
}

async function paymentOfCheckout(stripe: Stripe, id: string): Promise<ReceivedPayment | null> {
  const { wire } = await callStripe(expected("checkout.session", id), () =>
    stripe.checkout.sessions.retrieve(id, { expand: ["line_items"] }),
  );
  const paid = wire.idOrNull("invoice") ?? wire.idOrNull("payment_intent");
  return paid === null ? null : await onePayment(stripe, paid);
}

/** Finds the Checkout that an invoice or a payment came by. @throws {PortError} */
export async function checkoutOf(stripe: Stripe, id: string): Promise<WireObject | null> {
  const intents = id.startsWith("in_") ? await intentsOf(stripe, id) : [id];
  for (const intent of intents.filter((one) => one.startsWith("pi_"))) {
    const session = await sessionOf(stripe, intent);
    if (session !== null) {
      return session;
    }
  }
  return null;
}

async function sessionOf(stripe: Stripe, intent: string): Promise<WireObject | null> {
  const action = `find the Checkout of payment "${intent}"`;
  const { wire } = await callStripe({ action, object: "list" }, () =>
    stripe.checkout.sessions.list({
      payment_intent: intent,
      limit: 1,
      expand: ["data.line_items"],
    }),
  );
  return wire.objects("data")[0] ?? null;
}

async function intentsOf(stripe: Stripe, invoice: string): Promise<readonly string[]> {
  const payments = await readAll(invoicePayments(stripe, invoice, { status: "paid" }));
  return payments.flatMap((one) => one.childOrNull("payment")?.idOrNull("payment_intent") ?? []);
}

function expected(object: string, id: string) {
  return { action: `read ${object} "${id}"`, object, id };
}
