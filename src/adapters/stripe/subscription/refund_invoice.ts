import type { Stripe } from "stripe";
import { callStripe } from "../call_stripe.ts";
import { listAll, readAll } from "../list_all.ts";
import { stripeCodeOf } from "../port_error_of.ts";
import type { WireObject } from "../wire_object.ts";

/**
 * Refunds what is left of every payment of an invoice; returns the refunded amount in minor units.
 *
 * @throws {PortError}
 */
export async function refundInvoice(
  stripe: Stripe,
  invoiceId: string,
  idempotencyKey: string,
): Promise<{ refunded: number }> {
  let refunded = 0;
  for await (const payment of paymentsOf(stripe, invoiceId)) {
    const source = sourceOf(payment.child("payment"));
    if (source !== null) {
      const key = `${idempotencyKey}:${payment.text("id")}`;
      refunded += await refund(stripe, { source, invoiceId, key });
    }
  }
  return { refunded };
}

/**
 * Refunds a part of an invoice, once per purpose, which the refund names in its metadata.
 *
 * @throws {PortError}
 */
export async function refundPart(
  stripe: Stripe,
  { invoiceId, amount, purpose }: { invoiceId: string; amount: number; purpose: string },
): Promise<{ refunded: number }> {
  let refunded = 0;
  for await (const payment of paymentsOf(stripe, invoiceId)) {
    const source = sourceOf(payment.child("payment"));
    if (source !== null) {
      refunded += await refundedFor(stripe, source, purpose);
      const part = Math.min(amount - refunded, payment.integerOrNull("amount_paid") ?? 0);
      if (part > 0) {
        const action = `refund a part of invoice "${invoiceId}"`;
        const { wire } = await callStripe({ action, object: "refund" }, () =>
          stripe.refunds.create(
            {
              ...source,
              amount: part,
              reason: "requested_by_customer",
              metadata: { invoiceId, purpose },
            },
            { idempotencyKey: `${purpose}:${payment.text("id")}:${part}` },
          ),
        );
        refunded += wire.integer("amount");
      }
    }
  }
  return { refunded };
}

/** What was refunded of a payment for this purpose before. */
async function refundedFor(stripe: Stripe, source: Source, purpose: string): Promise<number> {
  const action = "list the refunds of a payment";
  const refunds = await readAll(
    listAll({ action, object: "refund" }, (cursor) =>
      stripe.refunds.list({ ...source, ...cursor }),
    ),
  );
  return refunds
    .filter((refund) => refund.childOrNull("metadata")?.textOrNull("purpose") === purpose)
    .reduce((sum, refund) => sum + refund.integer("amount"), 0);
}

function paymentsOf(stripe: Stripe, invoiceId: string) {
  const action = `list the payments of invoice "${invoiceId}"`;
  const params = { invoice: invoiceId, status: "paid" as const };
  return listAll({ action, object: "invoice_payment" }, (cursor) =>
    stripe.invoicePayments.list({ ...params, ...cursor }),
  );
}

type Source = { payment_intent: string } | { charge: string };

/**
 * Returns the payment intent or charge behind a payment; `null` for payments that Stripe only
 * recorded.
 */
function sourceOf(payment: WireObject): Source | null {
  const intent = payment.idOrNull("payment_intent");
  const charge = payment.idOrNull("charge");
  if (intent !== null) {
    return { payment_intent: intent };
  }
  return charge === null ? null : { charge };
}

async function refund(
  stripe: Stripe,
  { source, invoiceId, key }: { source: Source; invoiceId: string; key: string },
): Promise<number> {
  const action = `refund invoice "${invoiceId}"`;
  const params = { ...source, reason: "duplicate" as const, metadata: { invoiceId } };
  try {
    const { wire } = await callStripe({ action, object: "refund" }, () =>
      stripe.refunds.create(params, { idempotencyKey: key }),
    );
    return wire.integer("amount");
  } catch (error) {
    if (stripeCodeOf(error) === "charge_already_refunded") {
      return 0;
    }
    throw error;
  }
}
