import { expect } from "chai";
import type { Stripe } from "stripe";
import { openCheckout, type Rig, refusal, seed, startRig, stopRigs } from "./rig.ts";

/** A plan and a customer with a card. */
async function opened(): Promise<{ rig: Rig; customer: string; price: string }> {
  const rig = await startRig();
  const catalog = await seed(rig);
  const { id: customer } = await rig.stripe.customers.create({
    payment_method: "pm_card_visa",
    address: { country: "DE" },
    invoice_settings: { default_payment_method: "pm_card_visa" },
  });
  return { rig, customer, price: catalog.price.id };
}

async function newest({ stripe }: Rig, subscription: string): Promise<Stripe.Invoice> {
  const [found] = (await stripe.invoices.list({ subscription, limit: 1 })).data;
  return found as Stripe.Invoice;
}

/** What of an invoice a preview must foretell. */
function sums({ total, subtotal, amount_due, starting_balance, lines }: Stripe.Invoice): object {
  const shown = lines.data.map(({ amount, description, discount_amounts, taxes, period }) => ({
    amount,
    description,
    period,
    taxes: taxes?.map((tax) => tax.amount),
    off: discount_amounts?.map((one) => one.amount),
  }));
  return { total, subtotal, amount_due, starting_balance, shown };
}

/** docs.stripe.com/billing/subscriptions/coupons, docs.stripe.com/api/invoices/create_preview. */
describe("subscriptions with discounts in the sandbox", () => {
  afterEach(stopRigs);

  it("are discounted once, or as long as the coupon says", async () => {
    const { rig, customer, price } = await opened();
    const once = await rig.stripe.coupons.create({ percent_off: 50 });
    const ever = await rig.stripe.coupons.create({ percent_off: 10, duration: "forever" });
    const { id } = await rig.stripe.subscriptions.create({
      customer,
      items: [{ price }],
      discounts: [{ coupon: once.id }, { coupon: ever.id }],
    });
    expect((await newest(rig, id)).total).to.equal(2205);
    expect((await rig.stripe.coupons.retrieve(once.id)).times_redeemed).to.equal(1);
    await rig.advance({ to: "2026-02-28T12:00:00Z" });
    expect(await newest(rig, id)).to.include({ total: 4410, status: "paid" });
    await rig.stripe.subscriptions.deleteDiscount(id);
    await rig.advance({ to: "2026-03-31T12:00:00Z" });
    expect((await newest(rig, id)).total).to.equal(4900);
  });

  it("of 100 percent are active over nothing", async () => {
    const { rig, customer, price } = await opened();
    const free = await rig.stripe.coupons.create({ percent_off: 100, duration: "forever" });
    const { id, status } = await rig.stripe.subscriptions.create({
      customer,
      items: [{ price }],
      discounts: [{ coupon: free.id }],
    });
    expect(status).to.equal("active");
    expect(await newest(rig, id)).to.include({ total: 0, amount_paid: 0, status: "paid" });
  });

  it("are foretold by the preview: discounts, taxes, items and balance, line by line", async () => {
    const { rig, customer, price } = await opened();
    const { stripe } = rig;
    const { id: coupon } = await stripe.coupons.create({ percent_off: 25, duration: "forever" });
    await stripe.customers.createBalanceTransaction(customer, { amount: -700, currency: "usd" });
    await stripe.invoiceItems.create({ customer, amount: 1500, currency: "usd" });
    const shape = { automatic_tax: { enabled: true }, discounts: [{ coupon }] };
    const preview = await stripe.invoices.createPreview({
      customer,
      ...shape,
      subscription_details: { items: [{ price }] },
    });
    expect((await stripe.coupons.retrieve(coupon)).times_redeemed).to.equal(0);
    const { id, items } = await stripe.subscriptions.create({
      customer,
      items: [{ price }],
      ...shape,
    });
    const first = await newest(rig, id);
    expect(sums(preview)).to.deep.equal(sums(first));
    expect(first).to.include({ subtotal: 6400, total: 5712, amount_due: 5012 });
    const item = String(items.data[0]?.id);
    const change = {
      items: [{ id: item, quantity: 3 }],
      proration_behavior: "always_invoice" as const,
    };
    const upgrade = await stripe.invoices.createPreview({
      customer,
      subscription: id,
      subscription_details: change,
    });
    await stripe.subscriptions.update(id, change);
    expect(sums(upgrade)).to.deep.equal(sums(await newest(rig, id)));
    const renewal = await stripe.invoices.createPreview({ subscription: id });
    await rig.advance({ to: "2026-02-28T12:00:00Z" });
    expect(sums(renewal)).to.deep.equal(sums(await newest(rig, id)));
  });

  it("bought in Checkout have the coupon, and the sums of the session say so", async () => {
    const { rig, customer, price } = await opened();
    const { id: coupon } = await rig.stripe.coupons.create({ amount_off: 900, currency: "usd" });
    const catalog = { customer: { id: customer }, price: { id: price } } as never;
    const session = await openCheckout(rig, catalog, { discounts: [{ coupon }] });
    expect(session).to.include({ amount_subtotal: 4900, amount_total: 4000 });
    expect(session.total_details?.amount_discount).to.equal(900);
    await rig.control("POST", `/checkout/${session.id}/complete`, {});
    const { subscription } = await rig.stripe.checkout.sessions.retrieve(session.id);
    expect(await newest(rig, String(subscription))).to.include({ total: 4000, status: "paid" });
    expect((await rig.stripe.coupons.retrieve(coupon)).times_redeemed).to.equal(1);
    const both = await refusal(
      openCheckout(rig, catalog, { discounts: [{ coupon }], allow_promotion_codes: true }),
    );
    expect(both.statusCode).to.equal(400);
  });
});
