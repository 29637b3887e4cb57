import type { Stripe } from "stripe";
import { PortError } from "../../../application/ports/port_error.ts";
import { callStripe } from "../call_stripe.ts";
import { createOnce } from "../create_once.ts";
import { invoicePayments } from "../invoice_payments.ts";
import { listAll, readAll } from "../list_all.ts";
import { stripeCodeOf } from "../port_error_of.ts";
import { reachesPayer } from "../reversals.ts";
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
  for await (const payment of invoicePayments(stripe, invoiceId, { status: "paid" })) {
    const source = sourceOf(payment.child("payment"));
    if (source !== null) {
      const key = `${idempotencyKey}:${payment.text("id")}`;
      refunded += await refund(stripe, { source, invoiceId, key });
    }
  }
  return { refunded };
}

/** A part of an invoice to give back. */
interface RefundedPart {
  readonly invoiceId: string;
  readonly amount: number;
  readonly purpose: string;
}

/**
 * Refunds a part of an invoice, once per purpose, which the refund names in its metadata; gives
 * nothing back where less than that is left.
 *
 * @throws {PortError}
 */
export async function refundPart(
  stripe: Stripe,
  { dryRun = false, ...part }: RefundedPart & { readonly dryRun?: boolean },
): Promise<void> {
  const { invoiceId, amount, purpose } = part;
  const payments: RefundablePayment[] = [];
  for await (const payment of invoicePayments(stripe, invoiceId, { status: "paid" })) {
    payments.push(...(await refundable(stripe, payment, purpose)));
  }
  const sum = (of: "refunded" | "left") => payments.reduce((all, one) => all + one[of], 0);
  let open = amount - sum("refunded");
  if (open > sum("left")) {
    throw new PortError(
      `Cannot refund a part of invoice "${invoiceId}": ` +
        (sum("left") === 0 ? "nothing of it is left" : "less than that is left of it"),
      { transient: false },
    );
  }
  for (const { id, source, refunded, left, failed } of dryRun ? [] : payments) {
    const share = Math.min(open, left);
    if (share > 0) {
      const again = failed === 0 ? "" : `:${failed}`;
      open -= await createOnce(`${purpose}:${id}:${share}${again}`, {
        create: (key) => refundOnce(stripe, source, { ...part, amount: share }, key),
        find: async () => {
          const found = (await refundsFor(stripe, source, purpose)).refunded - refunded;
          return found > 0 ? found : undefined;
        },
      });
    }
  }
}

/** Refunds a part of a payment; returns the refunded amount. */
async function refundOnce(
  stripe: Stripe,
  source: Source,
  { invoiceId, amount, purpose }: RefundedPart,
  idempotencyKey: string,
): Promise<number> {
  const action = `refund a part of invoice "${invoiceId}"`;
  const params = { reason: "requested_by_customer", metadata: { invoiceId, purpose } } as const;
  const { wire } = await callStripe({ action, object: "refund" }, () =>
    stripe.refunds.create({ ...source, amount, ...params }, { idempotencyKey }),
  );
  return wire.integer("amount");
}

/** What was refunded of a payment. */
interface RefundsFor {
  /** For this purpose. */
  readonly refunded: number;
  /** For whatever purpose. */
  readonly all: number;
  /** How often a refund for this purpose did not reach the payer. */
  readonly failed: number;
}

/** A payment, and what is left of it to refund. */
interface RefundablePayment extends RefundsFor {
  readonly id: string;
  readonly source: Source;
  readonly left: number;
}

/** Nothing for a payment that Stripe only recorded. */
async function refundable(
  stripe: Stripe,
  payment: WireObject,
  purpose: string,
): Promise<readonly RefundablePayment[]> {
  const source = sourceOf(payment.child("payment"));
  if (source === null) {
    return [];
  }
  const refunds = await refundsFor(stripe, source, purpose);
  const left = Math.max(0, (payment.integerOrNull("amount_paid") ?? 0) - refunds.all);
  return [{ id: payment.text("id"), source, left, ...refunds }];
}

async function refundsFor(stripe: Stripe, source: Source, purpose: string): Promise<RefundsFor> {
  const action = "list the refunds of a payment";
  const refunds = await readAll(
    listAll({ action, object: "refund" }, (cursor) =>
      stripe.refunds.list({ ...source, ...cursor }),
    ),
  );
  const isOwn = (refund: WireObject) =>
    refund.childOrNull("metadata")?.textOrNull("purpose") === purpose;
  const sum = (some: readonly WireObject[]) =>
    some.reduce((amount, refund) => amount + refund.integer("amount"), 0);
  const kept = refunds.filter(reachesPayer);
  const failed = refunds.filter((refund) => isOwn(refund) && !reachesPayer(refund)).length;
  return { refunded: sum(kept.filter(isOwn)), all: sum(kept), failed };
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
