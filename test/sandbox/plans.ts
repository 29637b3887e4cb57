import type { Stripe } from "stripe";
import { type Catalog, type Rig, seed, startRig, subscribe } from "./rig.ts";

/** A subscription to Pro, 49 dollars a month, and the prices that it can be changed to. */
export interface Subscribed {
  rig: Rig;
  catalog: Catalog;
  subscription: Stripe.Subscription;
  /** The id of its only item. */
  item: string;
  starter: Stripe.Price;
  business: Stripe.Price;
  /** Pro, paid by the year. */
  yearly: Stripe.Price;
}

/** The middle of the first period, which has 28 days. */
export const MIDDLE = "2026-02-14T10:00:00.000Z";
/** The end of the first period. */
export const END = "2026-02-28T10:00:00.000Z";

/** Unix seconds of a time in ISO 8601. */
export function seconds(time: string): number {
  return Date.parse(time) / 1000;
}

/** Subscribes to Pro on the 31st of January and moves on to the middle of the period. */
export async function subscribed(card?: string): Promise<Subscribed> {
  const rig = await startRig();
  const catalog = await seed(rig);
  const starter = await plan(rig, "Starter", 1900);
  const business = await plan(rig, "Business", 9900);
  const yearly = await rig.stripe.prices.create({
    product: catalog.product.id,
    currency: "usd",
    unit_amount: 49_000,
    recurring: { interval: "year" },
  });
  const subscription = await subscribe(rig, catalog, card);
  await rig.advance({ to: MIDDLE });
  await rig.sandbox.settled();
  rig.receiver.received.length = 0;
  const item = subscription.items.data[0]?.id ?? "";
  return { rig, catalog, subscription, item, starter, business, yearly };
}

/** The types of the events that `work` causes, once they are delivered. */
export async function eventsOf(rig: Rig, work: () => Promise<unknown>): Promise<string[]> {
  await rig.sandbox.settled();
  rig.receiver.received.length = 0;
  await work();
  await rig.sandbox.settled();
  return rig.receiver.types();
}

/** The burst of an invoice that is written and paid at once. */
export const PAID_AT_ONCE = [
  "invoice.created",
  "invoice.finalized",
  "payment_intent.created",
  "invoice.updated",
  "invoice.paid",
  "invoice.payment_succeeded",
  "invoice_payment.paid",
  "payment_intent.succeeded",
  "charge.succeeded",
];

/** The latest invoice of a subscription. */
export async function latestInvoice({ rig, subscription }: Subscribed): Promise<Stripe.Invoice> {
  const { latest_invoice: id } = await rig.stripe.subscriptions.retrieve(subscription.id);
  return rig.stripe.invoices.retrieve(String(id));
}

async function plan({ stripe }: Rig, name: string, amount: number): Promise<Stripe.Price> {
  const product = await stripe.products.create({ name });
  return stripe.prices.create({
    product: product.id,
    currency: "usd",
    unit_amount: amount,
    recurring: { interval: "month" },
  });
}
