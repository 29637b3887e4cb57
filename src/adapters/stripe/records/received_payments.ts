import type { Stripe } from "stripe";
import { PortError } from "../../../application/ports/port_error.ts";
import type { ReceivedPayment, SoldItem } from "../../../domain/subscription/findings/foreign.ts";
import { addedTax } from "../added_tax.ts";
import { PACK_KIND } from "../checkout/pack_checkout_params.ts";
import { listAll } from "../list_all.ts";
import { subscriptionOfInvoice } from "../subscription/map_invoice.ts";
import { isSubscriptionLine } from "../subscription/map_snapshot_invoice.ts";
import { buyerOf } from "../tokens/map_pack_purchase.ts";
import { TOP_UP_KIND } from "../tokens/top_up/top_up_invoice.ts";
import { wholeList } from "../whole_list.ts";
import type { WireObject } from "../wire_object.ts";

const LARGEST_PAGE = 100;
/** A Checkout is paid up to a day after it was created. */
const CHECKOUT_SECONDS = 86_400;

/**
 * Lists what was paid since a time: by invoices, by Checkouts without one, and by other payments
 * that say of themselves that they are for a token pack. Each list is read a hundred per call. One
 * that cannot be read hides none of the others.
 *
 * @throws {PortError} also about what could not be read, after all others
 */
export async function* receivedPayments(
  stripe: Stripe,
  since: Date,
): AsyncGenerator<ReceivedPayment, void, undefined> {
  const seconds = Math.floor(since.getTime() / 1_000);
  const unreadable: PortError[] = [];
  const mapped = <T>(pages: AsyncIterable<WireObject>, map: (wire: WireObject) => T | Promise<T>) =>
    readableOf(pages, map, unreadable);
  for await (const payment of mapped(paidEvents(stripe, seconds), (event) =>
    invoicePayment(stripe, event.child("data").child("object")),
  )) {
    if (payment !== null) {
      yield payment;
    }
  }
  const ofCheckout = new Set<string>();
  const sessions = completeCheckouts(stripe, seconds - CHECKOUT_SECONDS);
  for await (const { payment, paymentId } of mapped(sessions, async (session) => {
    const id = session.idOrNull("payment_intent");
    const isOwn = id !== null && session.idOrNull("invoice") === null;
    const isPaid = isOwn && session.textOrNull("payment_status") === "paid";
    const isNew = isPaid && session.date("created") >= since;
    return { paymentId: id, payment: isNew ? await checkoutPayment(stripe, session, id) : null };
  })) {
    ofCheckout.add(paymentId ?? "");
    if (payment !== null) {
      yield payment;
    }
  }
  for await (const payment of mapped(chargesSince(stripe, seconds), packPayment)) {
    if (payment !== null && !ofCheckout.has(payment.id)) {
      yield payment;
    }
  }
  if (unreadable[0] !== undefined) {
    throw unreadable[0];
  }
}

/** Lists what was ever paid for a subscription. @throws {PortError} */
export async function* subscriptionPayments(
  stripe: Stripe,
  subscription: string,
): AsyncGenerator<ReceivedPayment, void, undefined> {
  const action = `list the paid invoices of subscription "${subscription}"`;
  const pages = listAll({ action, object: "invoice" }, (cursor) =>
    stripe.invoices.list({ subscription, status: "paid", limit: LARGEST_PAGE, ...cursor }),
  );
  for await (const invoice of pages) {
    const payment = await invoicePayment(stripe, invoice);
    if (payment !== null) {
      yield payment;
    }
  }
}

async function* readableOf<T>(
  pages: AsyncIterable<WireObject>,
  map: (wire: WireObject) => T | Promise<T>,
  unreadable: PortError[],
): AsyncGenerator<T, void, undefined> {
  for await (const wire of pages) {
    let mapped: T;
    try {
      mapped = await map(wire);
    } catch (error) {
      if (!(error instanceof PortError) || error.transient) {
        throw error;
      }
      unreadable.push(error);
      continue;
    }
    yield mapped;
  }
}

/**
 * The events of invoices that were paid since then, whenever they were made: nothing else tells when
 * that was. An event shows its invoice as it was when it was paid.
 */
function paidEvents(stripe: Stripe, since: number): AsyncIterable<WireObject> {
  return listAll({ action: "list the paid invoices", object: "event" }, (cursor) =>
    stripe.events.list({
      type: "invoice.paid",
      created: { gte: since },
      limit: LARGEST_PAGE,
      ...cursor,
    }),
  );
}

/** What an invoice was paid with; `null` where that was no money. @throws {PortError} */
export async function invoicePayment(
  stripe: Stripe,
  invoice: WireObject,
): Promise<ReceivedPayment | null> {
  const transitions = invoice.childOrNull("status_transitions");
  const amount = invoice.integerOrNull("amount_paid") ?? 0;
  if (amount <= 0) {
    return null;
  }
  return {
    id: invoice.text("id"),
    source: "invoice",
    customerId: invoice.idOrNull("customer"),
    subscriptionId: subscriptionOfInvoice(invoice),
    amount,
    sold: (await linesOf(stripe, invoice)).flatMap(soldByLine),
    packFor: packFor(invoice),
    tenantId: namedBy(invoice) ?? namedBy(detailsOfSubscription(invoice)),
    paidAt: transitions?.dateOrNull("paid_at") ?? invoice.date("created"),
  };
}

async function linesOf(stripe: Stripe, invoice: WireObject): Promise<readonly WireObject[]> {
  const id = invoice.text("id");
  return await wholeList(invoice.child("lines"), { id, object: "line_item" }, (cursor) =>
    stripe.invoices.listLineItems(id, { limit: LARGEST_PAGE, ...cursor }),
  );
}

/** A line that charges for nothing, or gives money back, sells nothing. */
function soldByLine(line: WireObject): readonly SoldItem[] {
  const off = line
    .objectsOrNone("discount_amounts")
    .reduce((sum, discount) => sum + discount.integer("amount"), 0);
  const amount = line.integer("amount") - off + addedTax(line);
  const details = line.childOrNull("pricing")?.childOrNull("price_details");
  const productId =
    details?.idOrNull("product") ?? line.childOrNull("price")?.idOrNull("product") ?? null;
  const recurring = isSubscriptionLine(line);
  const quantity = Math.max(1, line.integerOrNull("quantity") ?? 1);
  return productId === null || amount <= 0 ? [] : [{ productId, amount, quantity, recurring }];
}

/** Complete Checkouts with what they sold. */
function completeCheckouts(stripe: Stripe, since: number): AsyncIterable<WireObject> {
  const expected = { action: "list the paid Checkouts", object: "checkout.session" };
  return listAll(expected, (cursor) =>
    stripe.checkout.sessions.list({
      status: "complete",
      created: { gte: since },
      limit: LARGEST_PAGE,
      expand: ["data.line_items"],
      ...cursor,
    }),
  );
}

/** What a paid Checkout without an invoice brought. @throws {PortError} */
export async function checkoutPayment(
  stripe: Stripe,
  session: WireObject,
  paymentId: string,
): Promise<ReceivedPayment> {
  const id = session.text("id");
  const items = await wholeList(session.child("line_items"), { id, object: "item" }, (cursor) =>
    stripe.checkout.sessions.listLineItems(id, { limit: LARGEST_PAGE, ...cursor }),
  );
  return {
    id: paymentId,
    source: "checkout",
    customerId: session.idOrNull("customer"),
    subscriptionId: null,
    amount: session.integer("amount_total"),
    sold: items.flatMap(soldByItem),
    packFor: packFor(session),
    tenantId: namedBy(session),
    paidAt: session.date("created"),
  };
}

function soldByItem(item: WireObject): readonly SoldItem[] {
  const amount = item.integer("amount_total");
  const productId = item.childOrNull("price")?.idOrNull("product") ?? null;
  const quantity = Math.max(1, item.integerOrNull("quantity") ?? 1);
  return productId === null || amount <= 0
    ? []
    : [{ productId, amount, quantity, recurring: false }];
}

function chargesSince(stripe: Stripe, since: number): AsyncIterable<WireObject> {
  return listAll({ action: "list the charges", object: "charge" }, (cursor) =>
    stripe.charges.list({ created: { gte: since }, limit: LARGEST_PAGE, ...cursor }),
  );
}

/** A charge that says that it is for a pack; `null` for any other one. */
export function packPayment(charge: WireObject): ReceivedPayment | null {
  const buyer = packFor(charge);
  const isPaid = charge.textOrNull("status") === "succeeded" && charge.flag("captured");
  return buyer === null || !isPaid
    ? null
    : {
        id: charge.idOrNull("payment_intent") ?? charge.text("id"),
        source: "payment",
        customerId: charge.idOrNull("customer"),
        subscriptionId: null,
        amount: charge.integer("amount_captured"),
        sold: [],
        packFor: buyer,
        tenantId: namedBy(charge),
        paidAt: charge.date("created"),
      };
}

/** The tenant whose something is, as its metadata says. */
function namedBy(wire: WireObject | null): string | null {
  return wire?.childOrNull("metadata")?.textOrNull("tenantId") ?? null;
}

/** What an invoice tells of its subscription, in the newer and the older shape. */
function detailsOfSubscription(invoice: WireObject): WireObject | null {
  const parent = invoice.childOrNull("parent");
  return parent?.childOrNull("subscription_details") ?? invoice.childOrNull("subscription_details");
}

/**
 * The tenant for whom something buys a pack, as its metadata says; empty if it does not say it so that
 * the pack can be credited.
 */
function packFor(wire: WireObject): string | null {
  const kind = wire.childOrNull("metadata")?.textOrNull("kind") ?? "";
  return kind === PACK_KIND || kind === TOP_UP_KIND ? (buyerOf(wire, kind) ?? "") : null;
}
