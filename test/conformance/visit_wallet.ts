import type { Stripe } from "stripe";
import type { Rig } from "../sandbox/rig.ts";

/** Calls everything about a customer's payment methods. */
export async function visitWallet({ stripe }: Rig, { id }: Stripe.Customer): Promise<void> {
  const card = await stripe.paymentMethods.create({
    type: "card",
    card: { number: "5555555555554444", exp_month: 12, exp_year: 2030 },
  });
  await stripe.paymentMethods.attach(card.id, { customer: id });
  await stripe.paymentMethods.attach("pm_sepaDebit_success", { customer: id });
  await stripe.paymentMethods.update(card.id, { metadata: { used: "once" } });
  await stripe.paymentMethods.retrieve(card.id);
  await stripe.paymentMethods.list({ customer: id });
  await stripe.customers.listPaymentMethods(id);
  await stripe.customers.retrievePaymentMethod(id, card.id);
  await stripe.paymentMethods.detach(card.id);
  await visitSources(stripe, id);
  await stripe.customers.create({ payment_method: "pm_card_visa", shipping: SHIPPING, balance: 5 });
}

async function visitSources(stripe: Stripe, customer: string): Promise<void> {
  const source = await stripe.customers.createSource(customer, { source: "tok_visa" });
  await stripe.customers.listSources(customer);
  await stripe.customers.retrieveSource(customer, source.id);
  await stripe.customers.updateSource(customer, source.id, { name: "Jo" });
  await stripe.customers.deleteSource(customer, source.id);
}

const SHIPPING = { name: "Jo", address: { line1: "Am Ufer 1", country: "DE" } };

/** Makes a test clock, lets a month pass on it, and deletes it. */
export async function visitTestClock({ stripe }: Rig): Promise<void> {
  const { testClocks } = stripe.testHelpers;
  const { id } = await testClocks.create({ frozen_time: 1_769_853_600, name: "A month" });
  await stripe.customers.create({ test_clock: id });
  await testClocks.advance(id, { frozen_time: 1_772_532_000 });
  await testClocks.retrieve(id);
  await testClocks.list();
  await testClocks.del(id);
}

/** Searches whatever can be searched, and looks at the account. */
export async function searchAll({ stripe }: Rig): Promise<void> {
  const query = "created>1";
  await stripe.charges.search({ query });
  await stripe.customers.search({ query });
  await stripe.invoices.search({ query });
  await stripe.paymentIntents.search({ query });
  await stripe.prices.search({ query: "active:'true'" });
  await stripe.products.search({ query: "active:'true'" });
  await stripe.subscriptions.search({ query });
  const { id } = await stripe.accounts.retrieveCurrent();
  await stripe.accounts.retrieve(id);
  await stripe.balance.retrieve();
}
