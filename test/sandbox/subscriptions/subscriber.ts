import type { Stripe } from "stripe";
import { type Catalog, type Rig, seed, startRig } from "../rig.ts";

/** A customer with a card, and prices to subscribe to; the rig's clock stands at its start. */
export interface Subscriber extends Catalog {
  rig: Rig;
  stripe: Stripe;
  /** The customer's id. */
  owner: string;
  /** 99 dollars a month. */
  business: Stripe.Price;
  /** 490 dollars a year. */
  yearly: Stripe.Price;
  /** Nothing but what was used, by the month. */
  metered: Stripe.Price;
  /** 20 dollars once. */
  once: Stripe.Price;
}

/** Starts a rig with a customer that pays with a test card, such as `pm_card_visa`; null for none. */
export async function subscriber(card: string | null = "pm_card_visa"): Promise<Subscriber> {
  const rig = await startRig();
  const catalog = await seed(rig);
  const { stripe } = rig;
  const owner = catalog.customer.id;
  const price = (params: Partial<Stripe.PriceCreateParams>) =>
    stripe.prices.create({ currency: "usd", product: catalog.product.id, ...params });
  const business = await price({ unit_amount: 9900, recurring: { interval: "month" } });
  const yearly = await price({ unit_amount: 49_000, recurring: { interval: "year" } });
  const meter = await stripe.billing.meters.create({
    display_name: "Calls",
    event_name: "calls",
    default_aggregation: { formula: "sum" },
  });
  const usage = { interval: "month", usage_type: "metered", meter: meter.id } as const;
  const metered = await price({ unit_amount: 1, recurring: usage });
  const once = await price({ unit_amount: 2000 });
  if (card !== null) {
    await payWith({ stripe, owner }, card);
  }
  await rig.sandbox.settled();
  rig.receiver.received.length = 0;
  return { ...catalog, rig, stripe, owner, business, yearly, metered, once };
}

/** Makes a test card the customer's default. */
export async function payWith(
  { stripe, owner }: Pick<Subscriber, "stripe" | "owner">,
  card: string,
): Promise<string> {
  const { id } = await stripe.paymentMethods.attach(card, { customer: owner });
  await stripe.customers.update(owner, { invoice_settings: { default_payment_method: id } });
  return id;
}

/** The latest invoice of a subscription, as it is now. */
export async function latestOf(
  { stripe }: Pick<Subscriber, "stripe">,
  { id }: Pick<Stripe.Subscription, "id">,
): Promise<Stripe.Invoice> {
  const { latest_invoice: latest } = await stripe.subscriptions.retrieve(id);
  return stripe.invoices.retrieve(String(latest));
}

/** What the lines of an invoice say about money and time. */
export function linesOf(invoice: Stripe.Invoice) {
  return invoice.lines.data.map(({ amount, description, parent, period, quantity }) => ({
    amount,
    description,
    quantity,
    proration: parent?.subscription_item_details?.proration ?? false,
    from: day(period.start),
    to: day(period.end),
  }));
}

/** A day in ISO 8601 of Unix seconds. */
export function day(seconds: number | null | undefined): string | null {
  return typeof seconds === "number" ? new Date(seconds * 1000).toISOString().slice(0, 10) : null;
}

/** The events since the last look, in their order. */
export async function told({ rig }: Pick<Subscriber, "rig">): Promise<Stripe.Event[]> {
  await rig.sandbox.settled();
  return rig.receiver.received.splice(0).map(({ event }) => event);
}

/** The types of the events since the last look. */
export async function toldTypes(subscriber: Pick<Subscriber, "rig">): Promise<string[]> {
  return (await told(subscriber)).map(({ type }) => type);
}
