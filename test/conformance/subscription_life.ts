import type { Catalog, Rig } from "../sandbox/rig.ts";

/** Makes and changes subscriptions in every way that leaves an object to look at. */
export async function liveSubscriptionLife(rig: Rig, { customer, price }: Catalog): Promise<void> {
  const { stripe } = rig;
  const { id: owner } = await stripe.customers.create({ name: "Subscriber" });
  const { id } = await stripe.paymentMethods.attach("pm_card_visa", { customer: owner });
  await stripe.customers.update(owner, { invoice_settings: { default_payment_method: id } });
  const meter = await stripe.billing.meters.create({
    display_name: "Calls",
    event_name: "calls",
    default_aggregation: { formula: "sum" },
  });
  const usage = await stripe.prices.create({
    currency: "usd",
    product: String(price.product),
    unit_amount: 1,
    recurring: { interval: "month", usage_type: "metered", meter: meter.id },
  });
  const several = await stripe.subscriptions.create({
    customer: owner,
    items: [{ price: price.id, quantity: 2 }],
    billing_thresholds: { amount_gte: 10_000 },
    payment_settings: { save_default_payment_method: "on_subscription" },
  });
  await stripe.subscriptions.update(several.id, {
    items: [{ id: String(several.items.data[0]?.id), quantity: 3 }],
    pause_collection: { behavior: "keep_as_draft" },
  });
  const classic = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    payment_behavior: "default_incomplete",
    billing_mode: { type: "classic" },
  });
  await stripe.subscriptions.migrate(classic.id, { billing_mode: { type: "flexible" } });
  await changeItems(rig, { subscription: several.id, price: usage.id });
  const metered = { price: usage.id, billing_thresholds: { usage_gte: 5 } };
  await stripe.subscriptions.create({ customer: owner, items: [metered] });
  const payload = { stripe_customer_id: owner, value: "5" };
  await stripe.billing.meterEvents.create({ event_name: "calls", payload });
  await stripe.subscriptions.pause(several.id);
  await stripe.subscriptions.resume(several.id);
  await liveSchedules(rig, { owner, price: price.id });
  await stripe.subscriptions.cancel(several.id, { prorate: true, invoice_now: true });
}

async function changeItems(
  { stripe }: Rig,
  { subscription, price }: { subscription: string; price: string },
): Promise<void> {
  const { id } = await stripe.subscriptionItems.create({ subscription, price });
  await stripe.subscriptionItems.retrieve(id);
  await stripe.subscriptionItems.update(id, { metadata: { used: "for" } });
  await stripe.subscriptionItems.list({ subscription });
  await stripe.subscriptionItems.del(id);
}

async function liveSchedules(
  { stripe }: Rig,
  { owner, price }: { owner: string; price: string },
): Promise<void> {
  const { id } = await stripe.subscriptionSchedules.create({
    customer: owner,
    start_date: "now",
    phases: [{ items: [{ price }] }],
  });
  await stripe.subscriptionSchedules.update(id, { metadata: { made: "by hand" } });
  await stripe.subscriptionSchedules.cancel(id);
}
