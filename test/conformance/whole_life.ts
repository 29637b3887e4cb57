import type { Stripe } from "stripe";
import { submit, visit } from "../sandbox/browser.ts";
import { type Catalog, type Rig, seed, subscribe } from "../sandbox/rig.ts";
import { liveMoneyLife } from "./money_life.ts";
import { liveSubscriptionLife } from "./subscription_life.ts";
import { visitCatalog, visitSetupIntents } from "./visit_catalog.ts";
import { searchAll, visitTestClock, visitWallet } from "./visit_wallet.ts";

/** Calls every route of the sandbox at least once, while all happens that can happen. */
export async function liveWholeLife(rig: Rig): Promise<void> {
  const catalog = await seed(rig);
  await changeCatalog(rig, catalog);
  await visitCustomers(rig, catalog);
  const subscription = await subscribe(rig, catalog);
  const cheaper = await changePlans(rig, catalog, subscription);
  await visitWallet(rig, catalog.customer);
  await readBooks(rig, subscription);
  await searchAll(rig);
  await visitCatalog(rig);
  await visitSetupIntents(rig);
  await visitTestClock(rig);
  await buyAndReturn(rig, catalog);
  await liveMoneyLife(rig, catalog);
  await liveSubscriptionLife(rig, catalog);
  await configureWebhooks(rig);
  await endAll(rig, { catalog, subscription, cheaper });
}

async function changeCatalog({ stripe }: Rig, { product, price }: Catalog): Promise<void> {
  await stripe.products.update(product.id, { name: "Pro, renamed", metadata: { planSlug: "pro" } });
  await stripe.products.retrieve(product.id);
  await stripe.products.list({ ids: [product.id] });
  await stripe.prices.update(price.id, { lookup_key: "pro_month" });
  await stripe.prices.retrieve(price.id, { expand: ["product"] });
  await stripe.prices.list({ lookup_keys: ["pro_month"], active: true });
}

async function visitCustomers({ stripe }: Rig, { customer }: Catalog): Promise<void> {
  await stripe.customers.update(customer.id, { name: "Tenant 01 again" });
  await stripe.customers.retrieve(customer.id);
  await stripe.customers.list({ limit: 10 });
  await stripe.customers.search({ query: "metadata['tenantId']:'tnt_01'" });
  const { id } = await stripe.customers.create({ metadata: { tenantId: "tnt_02" } });
  await stripe.customers.del(id);
  await stripe.customers.retrieve(id);
}

/** Upgrades at once, previews, and puts a cheaper plan off by the Portal; answers that plan. */
async function changePlans(
  rig: Rig,
  { customer, product }: Catalog,
  subscription: Stripe.Subscription,
): Promise<Stripe.Price> {
  const { stripe } = rig;
  const price = (unit_amount: number) =>
    stripe.prices.create({
      product: product.id,
      currency: "usd",
      unit_amount,
      recurring: { interval: "month" },
    });
  const [dearer, cheaper] = [await price(9_900), await price(900)];
  const item = String(subscription.items.data[0]?.id);
  await stripe.invoices.createPreview({
    customer: customer.id,
    subscription: subscription.id,
    subscription_details: { items: [{ id: item, price: dearer.id, quantity: 1 }] },
  });
  await stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, price: dearer.id, quantity: 1 }],
    proration_behavior: "always_invoice",
  });
  await putOff(rig, { customer, product, prices: [dearer, cheaper], subscription, item });
  const { schedule } = await stripe.subscriptions.retrieve(subscription.id);
  await stripe.subscriptionSchedules.retrieve(String(schedule));
  await stripe.subscriptionSchedules.list({ customer: customer.id });
  await stripe.subscriptionSchedules.release(String(schedule));
  return cheaper;
}

async function putOff(
  { stripe }: Rig,
  change: Pick<Catalog, "customer" | "product"> & {
    prices: readonly [Stripe.Price, Stripe.Price];
    subscription: Stripe.Subscription;
    item: string;
  },
): Promise<void> {
  const { customer, product, prices, subscription, item } = change;
  const { id } = await stripe.billingPortal.configurations.create({
    features: {
      invoice_history: { enabled: true },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ["price"],
        proration_behavior: "always_invoice",
        products: [{ product: product.id, prices: prices.map((price) => price.id) }],
        schedule_at_period_end: { conditions: [{ type: "decreasing_item_amount" }] },
      },
    },
  });
  await stripe.billingPortal.configurations.update(id, { metadata: { managedBy: "test" } });
  await stripe.billingPortal.configurations.retrieve(id);
  await stripe.billingPortal.configurations.list();
  const { url } = await stripe.billingPortal.sessions.create({
    customer: customer.id,
    configuration: id,
    flow_data: {
      type: "subscription_update_confirm",
      subscription_update_confirm: {
        subscription: subscription.id,
        items: [{ id: item, price: prices[1].id, quantity: 1 }],
      },
    },
  });
  const { location } = await visit(url);
  await submit(url, await visit(String(location)));
}

async function readBooks(rig: Rig, { id }: Stripe.Subscription): Promise<void> {
  const { stripe } = rig;
  await rig.advance({ advanceDays: 31 });
  await stripe.subscriptions.list({ status: "all", expand: ["data.schedule"] });
  const { data: invoices } = await stripe.invoices.list({ subscription: id });
  const invoice = String(invoices[0]?.id);
  await stripe.invoices.retrieve(invoice, { expand: ["payments"] });
  await stripe.invoices.listLineItems(invoice);
  const { data: payments } = await stripe.invoicePayments.list({ invoice });
  const [payment] = payments;
  await stripe.invoicePayments.retrieve(String(payment?.id));
  const intent = await stripe.paymentIntents.retrieve(String(payment?.payment.payment_intent));
  await stripe.charges.retrieve(String(intent.latest_charge));
  await stripe.paymentMethods.retrieve(String(intent.payment_method));
}

/** Buys packs and has them refunded and disputed; closes a Checkout unpaid. */
async function buyAndReturn(rig: Rig, { customer, product }: Catalog): Promise<void> {
  const { stripe } = rig;
  const once = await stripe.prices.create({
    product: product.id,
    currency: "usd",
    unit_amount: 2_000,
  });
  const open = () =>
    stripe.checkout.sessions.create({
      mode: "payment",
      customer: customer.id,
      line_items: [{ price: once.id, quantity: 1 }],
      success_url: "https://app.example.com/done",
    });
  const bought: string[] = [];
  for (const _ of [1, 2]) {
    const { id } = await open();
    await rig.control("POST", `/checkout/${id}/complete`, { card: "4242424242424242" });
    bought.push(id);
  }
  const [refunded = "", disputed = ""] = bought;
  const session = await stripe.checkout.sessions.retrieve(refunded, {
    expand: ["payment_intent.latest_charge.refunds"],
  });
  await stripe.checkout.sessions.listLineItems(refunded);
  await stripe.checkout.sessions.list({ customer: customer.id });
  const intent = (session.payment_intent as Stripe.PaymentIntent).id;
  const refund = await stripe.refunds.create({ payment_intent: intent, amount: 500 });
  await stripe.refunds.retrieve(refund.id);
  await stripe.refunds.list({ payment_intent: intent });
  await rig.control("POST", `/checkout/${disputed}/dispute`, {});
  const { data: disputes } = await stripe.disputes.list();
  const dispute = String(disputes[0]?.id);
  await rig.control("POST", `/disputes/${dispute}/close`, { status: "lost" });
  await stripe.disputes.retrieve(dispute);
  await stripe.checkout.sessions.expire((await open()).id);
}

async function configureWebhooks({ stripe }: Rig): Promise<void> {
  const { id } = await stripe.webhookEndpoints.create({
    url: "https://billing.example.com/billing/webhook",
    enabled_events: ["invoice.paid"],
  });
  await stripe.webhookEndpoints.update(id, { enabled_events: ["invoice.paid", "charge.refunded"] });
  await stripe.webhookEndpoints.retrieve(id);
  await stripe.webhookEndpoints.list();
  await stripe.webhookEndpoints.del(id);
}

/** Cancels, fails to pay, and reads the events of all this. */
async function endAll(
  rig: Rig,
  {
    catalog,
    subscription,
    cheaper,
  }: { catalog: Catalog; subscription: Stripe.Subscription; cheaper: Stripe.Price },
): Promise<void> {
  const { stripe } = rig;
  await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
  await rig.advance({ advanceDays: 40 });
  await subscribe(rig, { ...catalog, price: cheaper }, "4000000000000341");
  await rig.advance({ advanceDays: 35 });
  const last = await subscribe(rig, catalog);
  await stripe.subscriptions.cancel(last.id);
  const { data: events } = await stripe.events.list({ limit: 100 });
  await stripe.events.retrieve(String(events[0]?.id));
}
