import type { Stripe } from "stripe";
import type { Money } from "../../../domain/catalog/money.ts";
import { callStripe } from "../call_stripe.ts";
import { invoicePayments } from "../invoice_payments.ts";
import { listAll, readAll } from "../list_all.ts";
import { reversalsOf } from "../reversals.ts";
import type { WireObject } from "../wire_object.ts";

const LARGEST_PAGE = 100;

/**
 * Reads what is left of a payment, less refunds, what disputes have taken, and what credit notes have
 * put on the customer's balance or given back outside Stripe.
 *
 * @param id of an invoice, a Checkout, a payment, or a charge without one
 * @throws {PortError}
 */
export async function keptMoney(stripe: Stripe, id: string): Promise<Money> {
  if (id.startsWith("in_")) {
    const action = `read invoice "${id}"`;
    const { wire } = await callStripe({ action, object: "invoice", id }, () =>
      stripe.invoices.retrieve(id),
    );
    const credited = wire.integerOrNull("post_payment_credit_notes_amount") ?? 0;
    const received =
      wire.integer("amount_paid") - (credited === 0 ? 0 : await creditedOtherwise(stripe, id));
    return await less(stripe, received, wire, await chargesOf(stripe, id));
  }
  if (id.startsWith("cs_")) {
    const action = `read Checkout "${id}"`;
    const { wire } = await callStripe({ action, object: "checkout.session", id }, () =>
      stripe.checkout.sessions.retrieve(id),
    );
    const paid = wire.idOrNull("invoice") ?? wire.idOrNull("payment_intent");
    return paid === null
      ? { amount: 0, currency: wire.text("currency") }
      : await keptMoney(stripe, paid);
  }
  if (id.startsWith("ch_")) {
    const action = `read charge "${id}"`;
    const { wire } = await callStripe({ action, object: "charge", id }, () =>
      stripe.charges.retrieve(id),
    );
    return await less(stripe, wire.integer("amount_captured"), wire, [wire]);
  }
  const action = `read payment "${id}"`;
  const { wire } = await callStripe({ action, object: "payment_intent", id }, () =>
    stripe.paymentIntents.retrieve(id, { expand: ["latest_charge"] }),
  );
  const charge = wire.childOrNull("latest_charge");
  return await less(stripe, wire.integer("amount_received"), wire, charge === null ? [] : [charge]);
}

async function less(
  stripe: Stripe,
  received: number,
  wire: WireObject,
  charges: readonly WireObject[],
): Promise<Money> {
  let amount = received;
  for (const charge of charges) {
    const inForce = (await reversalsOf(stripe, charge)).filter((reversal) => reversal.inForce);
    amount -= inForce.reduce((sum, reversal) => sum + reversal.amount, 0);
  }
  return { amount, currency: wire.text("currency") };
}

/** What the credit notes of a paid invoice have given back in other ways than by refunds. */
async function creditedOtherwise(stripe: Stripe, invoice: string): Promise<number> {
  const action = `list the credit notes of invoice "${invoice}"`;
  const notes = await readAll(
    listAll({ action, object: "credit_note" }, (cursor) =>
      stripe.creditNotes.list({ invoice, limit: LARGEST_PAGE, ...cursor }),
    ),
  );
  let amount = 0;
  for (const note of notes.filter((one) => one.text("status") === "issued")) {
    const refunds = note.objects("refunds");
    const refunded = refunds.reduce((sum, one) => sum + one.integer("amount_refunded"), 0);
    amount += note.integer("post_payment_amount") - refunded;
  }
  return amount;
}

/** The charges that have paid an invoice; none where it was paid outside Stripe. */
async function chargesOf(stripe: Stripe, invoice: string): Promise<readonly WireObject[]> {
  const expand = ["data.payment.payment_intent.latest_charge"];
  const payments = await readAll(invoicePayments(stripe, invoice, { status: "paid", expand }));
  return payments.flatMap((one) => {
    const intent = one.childOrNull("payment")?.childOrNull("payment_intent");
    return intent?.childOrNull("latest_charge") ?? [];
  });
}
