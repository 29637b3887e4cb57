import { readFile } from "node:fs/promises";
import { Stripe } from "stripe";
import type { Sandbox } from "../../sandbox/mod.ts";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../../src/adapters/stripe/connect_stripe.ts";
import type { CatalogDefinition } from "../../src/domain/catalog/catalog.ts";
import { createBilling } from "../../src/mod.ts";

/** Never met, so that only counting is measured. */
export const EMAIL_LIMIT = 1_000_000_000;

const [PAID, SUBSCRIBED] = ["invoice.paid", "customer.subscription.created"] as const;

/** A tenant that pays for the plan "pro" at the sandbox. */
export interface BenchTenant {
  readonly id: string;
  readonly customerId: string;
  /** The events that told of its payment and of its subscription. */
  readonly paid: Stripe.Event;
  readonly subscribed: Stripe.Event;
}

/** Publishes the shipped plans at the sandbox and in a database; "pro" allows `EMAIL_LIMIT`. */
export async function publishPlans(path: string, stripeUrl: string): Promise<void> {
  const shipped: CatalogDefinition = JSON.parse(await readFile("plans.json", "utf8"));
  const plans = shipped.plans.map((plan) =>
    plan.slug === "pro" ? { ...plan, monthlyEmailLimit: EMAIL_LIMIT } : plan,
  );
  const billing = createBilling({
    store: openSqliteStore(path),
    payments: connectStripe({
      secretKey: "sk_test_bench",
      webhookSecrets: ["whsec_of_nobody"],
      baseUrl: stripeUrl,
    }),
    settings: { livemode: false, dashboardUrl: "https://app.example.com/", ledgerKeys: [] },
  });
  const { type } = await billing.syncCatalog.execute({ ...shipped, plans });
  await billing.close();
  if (type !== "synchronized") {
    throw new Error(`Cannot measure: the plans are ${type}`);
  }
}

/** Makes so many customers pay for the plan "pro" at the sandbox. */
export async function subscribeAll(
  sandbox: Sandbox,
  count: number,
): Promise<readonly BenchTenant[]> {
  const { hostname, port } = new URL(sandbox.url);
  const stripe = new Stripe("sk_test_bench", { host: hostname, port, protocol: "http" });
  const { data: products } = await stripe.products.list({ limit: 100 });
  const pro = products.find(({ name }) => name === "Pro");
  const { data: prices } = await stripe.prices.list({ product: pro?.id ?? "", limit: 100 });
  const monthly = prices.find(({ recurring }) => recurring?.interval === "month");
  const tenants: [string, string][] = [];
  for (let number = 0; number < count; number += 1) {
    const tenantId = `clbench${number}`;
    const { id: customer } = await stripe.customers.create({ metadata: { tenantId } });
    const card = await stripe.paymentMethods.attach("pm_card_visa", { customer });
    await stripe.subscriptions.create({
      customer,
      items: [{ price: monthly?.id ?? "" }],
      default_payment_method: card.id,
    });
    tenants.push([tenantId, customer]);
  }
  const paid = await eventsByCustomer(stripe, PAID);
  const subscribed = await eventsByCustomer(stripe, SUBSCRIBED);
  return tenants.map(([id, customerId]) => {
    const [payment, start] = [paid.get(customerId), subscribed.get(customerId)];
    if (payment === undefined || start === undefined) {
      throw new Error(`Cannot measure: ${id} has not paid`);
    }
    return { id, customerId, paid: payment, subscribed: start };
  });
}

async function eventsByCustomer(
  stripe: Stripe,
  type: string,
): Promise<ReadonlyMap<unknown, Stripe.Event>> {
  const events = new Map<unknown, Stripe.Event>();
  for await (const event of stripe.events.list({ type, limit: 100 })) {
    events.set(Reflect.get(event.data.object, "customer"), event);
  }
  return events;
}
