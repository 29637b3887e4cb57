import type { Stripe } from "stripe";
import type { KeptMoney, ReceivedPayment } from "../../../domain/subscription/findings/foreign.ts";
import { callStripe } from "../call_stripe.ts";
import { PACK_KIND } from "../checkout/pack_checkout_params.ts";
import { listAll, readAll } from "../list_all.ts";
import { reversalsOf } from "../reversals.ts";
import { subscriptionOfInvoice } from "../subscription/map_invoice.ts";
import { TOP_UP_KIND } from "../tokens/top_up/top_up_invoice.ts";
import type { WireObject } from "../wire_object.ts";

const LARGEST_PAGE = 100;
/** A Checkout is paid up to a day after it was created. */
const CHECKOUT_SECONDS = 86_400;

/**
 * Lists what was paid since a time: by invoices, by Checkouts without one, and by other payments
 * that say of themselves that they are for a token pack. Each list is read a hundred per call.
 *
 * @throws {PortError}
 */
export async function* receivedPayments(
  stripe: Stripe,
  since: Date,
): AsyncGenerator<ReceivedPayment, void, undefined> {
  const seconds = Math.floor(since.getTime() / 1_000);
  yield* paidInvoices(stripe, seconds);
  const ofCheckout = new Set<string>();
  for await (const session of paidCheckouts(stripe, seconds - CHECKOUT_SECONDS)) {
    const id = session.idOrNull("payment_intent");
    if (id !== null) {
      ofCheckout.add(id);
      if (session.idOrNull("invoice") === null && session.date("created") >= since) {
        yield checkoutPayment(session, id);
      }
    }
  }
  for await (const charge of packCharges(stripe, seconds)) {
    const id = charge.idOrNull("payment_intent") ?? charge.text("id");
    if (!ofCheckout.has(id)) {
      yield { ...barePayment(charge), id };
    }
  }
}

/**
 * Reads what is left of a payment, less refunds and what disputes have taken.
 *
 * @param id of an invoice, a payment, or a charge without one
 * @throws {PortError}
 */
export async function keptMoney(stripe: Stripe, id: string): Promise<KeptMoney> {
  if (id.startsWith("in_")) {
    const action = `read invoice "${id}"`;
    const { wire } = await callStripe({ action, object: "invoice", id }, () =>
      stripe.invoices.retrieve(id),
    );
    return await less(stripe, wire.integer("amount_paid"), wire, await chargesOf(stripe, id));
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
): Promise<KeptMoney> {
  let amount = received;
  for (const charge of charges) {
    const inForce = (await reversalsOf(stripe, charge)).filter((reversal) => reversal.inForce);
    amount -= inForce.reduce((sum, reversal) => sum + reversal.amount, 0);
  }
  return { amount, currency: wire.text("currency") };
}

/** The charges that have paid an invoice; none where it was paid outside Stripe. */
async function chargesOf(stripe: Stripe, invoice: string): Promise<readonly WireObject[]> {
  const action = `list the payments of invoice "${invoice}"`;
  const payments = await readAll(
    listAll({ action, object: "invoice_payment" }, (cursor) =>
      stripe.invoicePayments.list({
        invoice,
        status: "paid",
        limit: LARGEST_PAGE,
        expand: ["data.payment.payment_intent.latest_charge"],
        ...cursor,
      }),
    ),
  );
  return payments.flatMap((one) => {
    const intent = one.childOrNull("payment")?.childOrNull("payment_intent");
    return intent?.childOrNull("latest_charge") ?? [];
  });
}

async function* paidInvoices(stripe: Stripe, since: number): AsyncGenerator<ReceivedPayment> {
  const pages = listAll({ action: "list the paid invoices", object: "invoice" }, (cursor) =>
    stripe.invoices.list({
      status: "paid",
      created: { gte: since },
      limit: LARGEST_PAGE,
      ...cursor,
    }),
  );
  for await (const invoice of pages) {
    if ((invoice.integerOrNull("amount_paid") ?? 0) > 0) {
      const transitions = invoice.childOrNull("status_transitions");
      yield {
        id: invoice.text("id"),
        source: "invoice",
        customerId: invoice.idOrNull("customer"),
        subscriptionId: subscriptionOfInvoice(invoice),
        productIds: (await linesOf(stripe, invoice)).flatMap(productOfLine),
        packFor: packFor(invoice),
        paidAt: transitions?.dateOrNull("paid_at") ?? invoice.date("created"),
      };
    }
  }
}

async function linesOf(stripe: Stripe, invoice: WireObject): Promise<readonly WireObject[]> {
  const lines = invoice.child("lines");
  if (!lines.flag("has_more")) {
    return lines.objects("data");
  }
  const id = invoice.text("id");
  const action = `list the lines of invoice "${id}"`;
  return await readAll(
    listAll({ action, object: "line_item" }, (cursor) =>
      stripe.invoices.listLineItems(id, { limit: LARGEST_PAGE, ...cursor }),
    ),
  );
}

/** A line that charges for nothing, or gives money back, sells nothing. */
function productOfLine(line: WireObject): readonly string[] {
  const details = line.childOrNull("pricing")?.childOrNull("price_details");
  const product =
    details?.idOrNull("product") ?? line.childOrNull("price")?.idOrNull("product") ?? null;
  return product === null || line.integer("amount") <= 0 ? [] : [product];
}

/** One-time Checkouts that were paid, with what they sold. */
async function* paidCheckouts(stripe: Stripe, since: number): AsyncGenerator<WireObject> {
  const expected = { action: "list the paid Checkouts", object: "checkout.session" };
  const pages = listAll(expected, (cursor) =>
    stripe.checkout.sessions.list({
      status: "complete",
      created: { gte: since },
      limit: LARGEST_PAGE,
      expand: ["data.line_items"],
      ...cursor,
    }),
  );
  for await (const session of pages) {
    if (session.text("mode") === "payment" && session.textOrNull("payment_status") === "paid") {
      yield session;
    }
  }
}

function checkoutPayment(session: WireObject, id: string): ReceivedPayment {
  const items = session.childOrNull("line_items")?.objects("data") ?? [];
  return {
    id,
    source: "checkout",
    customerId: session.idOrNull("customer"),
    subscriptionId: null,
    productIds: items.flatMap((item) => item.childOrNull("price")?.idOrNull("product") ?? []),
    packFor: packFor(session),
    paidAt: session.date("created"),
  };
}

async function* packCharges(stripe: Stripe, since: number): AsyncGenerator<WireObject> {
  const pages = listAll({ action: "list the charges", object: "charge" }, (cursor) =>
    stripe.charges.list({ created: { gte: since }, limit: LARGEST_PAGE, ...cursor }),
  );
  for await (const charge of pages) {
    if (charge.flag("paid") && charge.flag("captured") && packFor(charge) !== null) {
      yield charge;
    }
  }
}

function barePayment(charge: WireObject): Omit<ReceivedPayment, "id"> {
  return {
    source: "payment",
    customerId: charge.idOrNull("customer"),
    subscriptionId: null,
    productIds: [],
    packFor: packFor(charge),
    paidAt: charge.date("created"),
  };
}

/** The tenant for whom something buys a pack, as its metadata says; empty if it says nobody. */
function packFor(wire: WireObject): string | null {
  const metadata = wire.childOrNull("metadata");
  const kind = metadata?.textOrNull("kind") ?? "";
  return kind === PACK_KIND || kind === TOP_UP_KIND
    ? (metadata?.textOrNull("tenantId") ?? "")
    : null;
}
