import { expect } from "chai";
import type { Stripe } from "stripe";
import { type Rig, START, seed, startRig, stopRigs } from "../../../sandbox/rig.ts";
import { connected } from "../connected.ts";

interface Stored {
  /** The card of each subscription, oldest first; `null` where it has none of its own. */
  readonly subscriptions?: readonly (string | null)[];
  readonly preferred?: string;
}

/** What is stored, and the last digits of what is charged. */
const CASES: readonly (readonly [name: string, stored: Stored, last4: string | null])[] = [
  ["nothing", {}, null],
  ["the customer's card", { preferred: "pm_card_visa" }, "4242"],
  ["a subscription's card", { subscriptions: ["pm_card_mastercard"] }, "4444"],
  [
    "a subscription's card beside the customer's",
    { subscriptions: ["pm_card_mastercard"], preferred: "pm_card_visa" },
    "4444",
  ],
  ["a subscription without a card", { subscriptions: [null], preferred: "pm_card_visa" }, "4242"],
  [
    "the cards of two subscriptions",
    { subscriptions: ["pm_card_mastercard", "pm_card_amex"], preferred: "pm_card_visa" },
    "0005",
  ],
  [
    "the older of two subscriptions only",
    { subscriptions: ["pm_card_mastercard", null], preferred: "pm_card_visa" },
    "4444",
  ],
  [
    "the oldest of more subscriptions than Stripe lists",
    {
      subscriptions: ["pm_card_mastercard", ...Array.from({ length: 11 }, () => null)],
      preferred: "pm_card_visa",
    },
    "4444",
  ],
];

describe("What billing details show is what an automatic top-up charges", () => {
  let rig: Rig;
  afterEach(stopRigs);

  for (const [name, stored, last4] of CASES) {
    it(`where there is ${name}`, async () => {
      rig = await startRig();
      const { customer, price } = await seed(rig);
      await store(customer.id, price.id, stored);
      const { gateway, packs } = connected({ baseUrl: rig.sandbox.url });
      const shown = (await gateway.billingDetails(customer.id))?.paymentMethod;
      const outcome = await packs.topUp(await request(customer.id));
      expect(shown?.last4 ?? null).to.equal(last4);
      if (last4 === null) {
        expect(outcome).to.deep.equal({ type: "refused", reason: "no_payment_method" });
      } else {
        expect(outcome).to.have.property("type", "paid");
        expect(await chargedLast4(customer.id)).to.equal(last4);
      }
    });
  }

  async function store(
    customer: string,
    price: string,
    { subscriptions = [], preferred }: Stored,
  ): Promise<void> {
    const { stripe } = rig;
    const attached = (card: string) => stripe.paymentMethods.attach(card, { customer });
    if (preferred !== undefined) {
      const { id } = await attached(preferred);
      await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
    }
    for (const card of subscriptions) {
      await stripe.subscriptions.create({
        customer,
        items: [{ price }],
        trial_period_days: 7,
        ...(card !== null && { default_payment_method: (await attached(card)).id }),
      });
    }
  }

  async function request(customerId: string) {
    const product = await rig.stripe.products.create({ name: "Growth" });
    const sold = { product: product.id, currency: "usd", unit_amount: 500 };
    const { id: priceId } = await rig.stripe.prices.create(sold);
    return {
      tenantId: "clacme0001",
      customerId,
      seq: 7,
      startedAt: START,
      packSlug: "growth",
      tokens: 10_000,
      priceId,
      currency: "usd",
      automaticTax: false,
      mayCharge: true,
    };
  }

  async function chargedLast4(customer: string): Promise<string | null | undefined> {
    const { data } = await rig.stripe.charges.list({ customer });
    const details: Stripe.Charge.PaymentMethodDetails | null | undefined =
      data[0]?.payment_method_details;
    return details?.card?.last4;
  }
});
