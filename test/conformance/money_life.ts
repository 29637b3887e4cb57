import { type Catalog, type Rig, subscribe } from "../sandbox/rig.ts";

const FAILS_LATER = "4000000000000341";

/** Calls every route about invoices and money that the life of a subscription does not. */
export async function liveMoneyLife(rig: Rig, catalog: Catalog): Promise<void> {
  await closeInvoices(rig, catalog);
}

/** Lets renewals fail, and finalises, pays, voids, forgives and sends their invoices. */
async function closeInvoices(rig: Rig, { product }: Catalog): Promise<void> {
  const { stripe } = rig;
  const customer = await stripe.customers.create({ email: "debtor@example.com" });
  const price = await stripe.prices.create({
    ...{ product: product.id, currency: "usd", unit_amount: 1900 },
    recurring: { interval: "month" },
  });
  const { id } = await subscribe(rig, { customer, price }, FAILS_LATER);
  await rig.advance({ advanceDays: 32 });
  const { data } = await stripe.invoices.list({ subscription: id, status: "open" });
  const open = String(data[0]?.id);
  await stripe.invoices.sendInvoice(open);
  await stripe.invoices.markUncollectible(open);
  await stripe.invoices.voidInvoice(open);
  await rig.advance({ to: new Date(await renewalOf(rig, id)).toISOString() });
  const { data: drafts } = await stripe.invoices.list({ subscription: id, status: "draft" });
  const draft = String(drafts[0]?.id);
  await stripe.invoices.finalizeInvoice(draft);
  await stripe.invoices.pay(draft, { paid_out_of_band: true });
}

async function renewalOf({ stripe }: Rig, id: string): Promise<number> {
  const { items } = await stripe.subscriptions.retrieve(id);
  return Number(items.data[0]?.current_period_end) * 1000;
}
