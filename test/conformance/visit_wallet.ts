import type { Stripe } from "stripe";
import type { Rig } from "../sandbox/rig.ts";

/** Calls everything about a customer's payment methods. */
export async function visitWallet({ stripe }: Rig, { id }: Stripe.Customer): Promise<void> {
  const card = await stripe.paymentMethods.create({
    ...{ type: "card", card: { number: "5555555555554444", exp_month: 12, exp_year: 2030 } },
  });
  await stripe.paymentMethods.attach(card.id, { customer: id });
  await stripe.paymentMethods.attach("pm_sepaDebit_success", { customer: id });
  await stripe.paymentMethods.update(card.id, { metadata: { used: "once" } });
  await stripe.paymentMethods.retrieve(card.id);
  await stripe.paymentMethods.list({ customer: id });
  await stripe.customers.listPaymentMethods(id);
  await stripe.customers.retrievePaymentMethod(id, card.id);
  await stripe.paymentMethods.detach(card.id);
  await stripe.customers.create({ payment_method: "pm_card_visa", shipping: SHIPPING, balance: 5 });
}

const SHIPPING = { name: "Jo", address: { line1: "Am Ufer 1", country: "DE" } };

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
