import type { Rig } from "../sandbox/rig.ts";

/** Calls everything about meters, and what the catalogue has besides plans. */
export async function visitCatalog({ stripe }: Rig): Promise<void> {
  const { id: customer } = await stripe.customers.create({});
  const { meters, meterEvents } = stripe.billing;
  const { id: meter } = await meters.create({
    display_name: "Tokens",
    event_name: "tokens",
    default_aggregation: { formula: "sum" },
  });
  await meters.retrieve(meter);
  await meters.update(meter, { display_name: "AI tokens" });
  await meters.list();
  await meterEvents.create({
    event_name: "tokens",
    payload: { stripe_customer_id: customer, value: "5" },
  });
  await meters.listEventSummaries(meter, { customer, start_time: 60, end_time: 120 });
  const { id: product } = await stripe.products.create({ name: "Tokens", shippable: false });
  await stripe.prices.create({
    product,
    currency: "usd",
    billing_scheme: "tiered",
    tiers_mode: "volume",
    tiers: [{ up_to: "inf", unit_amount: 1 }],
    recurring: { interval: "month", usage_type: "metered", meter },
    expand: ["tiers", "currency_options"],
  });
  await meters.deactivate(meter);
  await meters.reactivate(meter);
  const { id } = await stripe.products.create({ name: "Nothing" });
  await stripe.products.del(id);
}

/** Sets cards up for later: one that is, one that is given up. */
export async function visitSetupIntents({ stripe }: Rig): Promise<void> {
  const { id: customer } = await stripe.customers.create({});
  const { id } = await stripe.setupIntents.create({ customer });
  await stripe.setupIntents.update(id, { payment_method: "pm_sepaDebit_success" });
  const { mandate } = await stripe.setupIntents.confirm(id);
  await stripe.setupIntents.retrieve(id);
  await stripe.setupIntents.list();
  await stripe.setupAttempts.list({ setup_intent: id });
  await stripe.mandates.retrieve(String(mandate));
  const given = await stripe.setupIntents.create({
    customer,
    confirm: true,
    payment_method: "pm_card_authenticationRequired",
  });
  await stripe.setupIntents.cancel(given.id);
}
