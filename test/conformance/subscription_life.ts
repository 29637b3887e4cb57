import type { Catalog, Rig } from "../sandbox/rig.ts";

/** Makes and changes subscriptions in every way that leaves an object to look at. */
export async function liveSubscriptionLife(rig: Rig, { customer, price }: Catalog): Promise<void> {
  const { stripe } = rig;
  const { id: owner } = await stripe.customers.create({ name: "Subscriber" });
  const { id } = await stripe.paymentMethods.attach("pm_card_visa", { customer: owner });
  await stripe.customers.update(owner, { invoice_settings: { default_payment_method: id } });
  const usage = await stripe.prices.create({
    ...{ currency: "usd", product: String(price.product), unit_amount: 1 },
    recurring: { interval: "month", usage_type: "metered" },
  });
  const several = await stripe.subscriptions.create({
    customer: owner,
    items: [{ price: price.id, quantity: 2 }, { price: usage.id }],
    billing_thresholds: { amount_gte: 10_000 },
    payment_settings: { save_default_payment_method: "on_subscription" },
  });
  await stripe.subscriptions.update(several.id, {
    items: [{ id: String(several.items.data[0]?.id), quantity: 3 }],
    pause_collection: { behavior: "keep_as_draft" },
  });
  await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    payment_behavior: "default_incomplete",
    billing_mode: { type: "classic" },
  });
}
