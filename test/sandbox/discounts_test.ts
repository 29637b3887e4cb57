import { expect } from "chai";
import type { Stripe } from "stripe";
import { type Rig, refusal, seed, startRig, stopRigs, subscribe } from "./rig.ts";

async function withCustomer(): Promise<{ rig: Rig; customer: string }> {
  const rig = await startRig();
  const { id: customer } = await rig.stripe.customers.create({ email: "ada@example.com" });
  return { rig, customer };
}

/** A draft with two lines, of 3000 and 1000, the second without discounts where it says so. */
async function drafted(
  { stripe }: Rig,
  customer: string,
  params: Stripe.InvoiceCreateParams = {},
  discountable = true,
): Promise<Stripe.Invoice> {
  const draft = await stripe.invoices.create({ customer, currency: "usd", ...params });
  const on = { customer, invoice: draft.id, currency: "usd" };
  await stripe.invoiceItems.create({ ...on, amount: 3000 });
  await stripe.invoiceItems.create({ ...on, amount: 1000, discountable });
  return stripe.invoices.retrieve(draft.id, { expand: ["discounts"] });
}

/** docs.stripe.com/billing/subscriptions/coupons, docs.stripe.com/api/coupons. */
describe("coupons in the sandbox", () => {
  afterEach(stopRigs);

  it("take a share off every line that discounts apply to", async () => {
    const { rig, customer } = await withCustomer();
    const { id } = await rig.stripe.coupons.create({ percent_off: 10 });
    const draft = await drafted(rig, customer, { discounts: [{ coupon: id }] }, false);
    expect(draft).to.include({ subtotal: 4000, total: 3700 });
    expect(draft.lines.data.map(({ discount_amounts: off }) => off?.[0]?.amount)).to.deep.equal([
      300,
      undefined,
    ]);
    const [discount] = draft.discounts as Stripe.Discount[];
    expect(discount?.source.coupon).to.equal(id);
    expect(draft.total_discount_amounts?.map(({ amount }) => amount)).to.deep.equal([300]);
  });

  it("take an amount off once, shared by lines, and no more than there is", async () => {
    const { rig, customer } = await withCustomer();
    const { id } = await rig.stripe.coupons.create({ amount_off: 1001, currency: "usd" });
    const draft = await drafted(rig, customer, { discounts: [{ coupon: id }] });
    expect(draft.total).to.equal(2999);
    const off = draft.lines.data.map(({ discount_amounts: amounts }) => amounts?.[0]?.amount);
    expect(off).to.deep.equal([751, 250]);
    const whole = await rig.stripe.coupons.create({ amount_off: 9999, currency: "usd" });
    const free = await drafted(rig, customer, { discounts: [{ coupon: whole.id }] });
    expect(free.total).to.equal(0);
  });

  it("of 100 percent give invoices over nothing that are paid without a payment", async () => {
    const { rig, customer } = await withCustomer();
    const { id } = await rig.stripe.coupons.create({ percent_off: 100 });
    const draft = await drafted(rig, customer, { discounts: [{ coupon: id }] });
    const paid = await rig.stripe.invoices.finalizeInvoice(draft.id, { expand: ["payments"] });
    expect(paid).to.include({ status: "paid", amount_due: 0, amount_paid: 0, subtotal: 4000 });
    expect(paid.payments?.data).to.deep.equal([]);
  });

  it("come one after the other, each on what is left", async () => {
    const { rig, customer } = await withCustomer();
    const half = await rig.stripe.coupons.create({ percent_off: 50 });
    const tenth = await rig.stripe.coupons.create({ percent_off: 10 });
    const draft = await drafted(rig, customer, {
      discounts: [{ coupon: half.id }, { coupon: tenth.id }],
    });
    expect(draft.total).to.equal(1800);
    expect(draft.total_discount_amounts?.map(({ amount }) => amount)).to.deep.equal([2000, 200]);
  });

  it("apply to their products and currencies only", async () => {
    const { rig, customer } = await withCustomer();
    const { product } = await seed(rig);
    const euro = await rig.stripe.coupons.create({
      amount_off: 500,
      currency: "eur",
      currency_options: { gbp: { amount_off: 400 } },
    });
    const foreign = await refusal(drafted(rig, customer, { discounts: [{ coupon: euro.id }] }));
    expect(foreign.statusCode).to.equal(400);
    const bound = await rig.stripe.coupons.create({
      percent_off: 50,
      applies_to: { products: [product.id] },
    });
    const draft = await drafted(rig, customer, { discounts: [{ coupon: bound.id }] });
    expect(draft.total).to.equal(4000);
  });

  it("are refused when they are spent, expired or deleted", async () => {
    const { rig, customer } = await withCustomer();
    const { stripe } = rig;
    const once = await stripe.coupons.create({ percent_off: 5, max_redemptions: 1 });
    await drafted(rig, customer, { discounts: [{ coupon: once.id }] });
    const spent = await stripe.coupons.retrieve(once.id);
    expect(spent).to.include({ times_redeemed: 1, valid: false });
    const use = (coupon: string) => refusal(drafted(rig, customer, { discounts: [{ coupon }] }));
    expect((await use(once.id)).code).to.equal("coupon_expired");
    const soon = Math.floor(rig.sandbox.now().getTime() / 1000) + 60;
    const late = await stripe.coupons.create({ percent_off: 5, redeem_by: soon });
    await rig.advance({ advanceHours: 1 });
    expect((await use(late.id)).code).to.equal("coupon_expired");
    const gone = await stripe.coupons.create({ percent_off: 5 });
    await stripe.coupons.del(gone.id);
    expect((await use(gone.id)).code).to.equal("resource_missing");
    for (const params of [
      { percent_off: 5, amount_off: 100, currency: "usd" },
      { percent_off: 101 },
      { amount_off: 100 },
      { percent_off: 5, duration: "repeating" as const },
    ]) {
      expect((await refusal(stripe.coupons.create(params))).statusCode).to.equal(400);
    }
  });

  it("are behind promotion codes, which say who may use them, and when", async () => {
    const { rig, customer } = await withCustomer();
    const { stripe } = rig;
    const coupon = (await stripe.coupons.create({ percent_off: 20 })).id;
    const promotion = { type: "coupon", coupon } as const;
    const open = await stripe.promotionCodes.create({ promotion, code: "SPRING" });
    const draft = await drafted(rig, customer, { discounts: [{ promotion_code: open.id }] });
    expect(draft.total).to.equal(3200);
    expect((await stripe.promotionCodes.retrieve(open.id)).times_redeemed).to.equal(1);
    const twice = await refusal(stripe.promotionCodes.create({ promotion, code: "spring" }));
    expect(twice.statusCode).to.equal(400);
    const { id: other } = await stripe.customers.create({});
    const personal = await stripe.promotionCodes.create({ promotion, customer: other });
    const use = (promotion_code: string) =>
      refusal(drafted(rig, customer, { discounts: [{ promotion_code }] }));
    expect((await use(personal.id)).statusCode).to.equal(400);
    await stripe.promotionCodes.update(open.id, { active: false });
    expect((await use(open.id)).statusCode).to.equal(400);
    expect(
      (await stripe.promotionCodes.list({ active: true })).data.map(({ id }) => id),
    ).to.deep.equal([personal.id]);
  });

  it("of a customer discount its subscriptions' renewals until they are taken back", async () => {
    const rig = await startRig();
    const catalog = await seed(rig);
    const customer = catalog.customer.id;
    const { id } = await subscribe(rig, catalog);
    const coupon = await rig.stripe.coupons.create({ percent_off: 50, duration: "forever" });
    await rig.control("POST", `/customers/${customer}/discount`, { coupon: coupon.id });
    await rig.advance({ to: "2026-02-28T11:00:00Z" });
    const latest = async () =>
      (await rig.stripe.invoices.list({ subscription: id, limit: 1 })).data[0];
    expect(await latest()).to.include({ total: 2450, amount_paid: 2450, status: "paid" });
    await rig.sandbox.settled();
    rig.receiver.received.length = 0;
    const gone = await rig.stripe.customers.deleteDiscount(customer);
    expect(gone).to.include({ deleted: true });
    await rig.sandbox.settled();
    expect(rig.receiver.types()).to.deep.equal(["customer.discount.deleted", "customer.updated"]);
    await rig.advance({ to: "2026-03-31T11:00:00Z" });
    expect(await latest()).to.include({ total: 4900 });
  });

  it("for some months end after them", async () => {
    const rig = await startRig();
    const catalog = await seed(rig);
    const { id } = await subscribe(rig, catalog);
    const coupon = await rig.stripe.coupons.create({
      percent_off: 50,
      duration: "repeating",
      duration_in_months: 2,
    });
    await rig.control("POST", `/customers/${catalog.customer.id}/discount`, { coupon: coupon.id });
    const totals: number[] = [];
    for (const to of ["2026-02-28", "2026-03-31", "2026-04-30"]) {
      await rig.advance({ to: `${to}T11:00:00Z` });
      totals.push(Number((await rig.stripe.invoices.list({ subscription: id })).data[0]?.total));
    }
    expect(totals).to.deep.equal([2450, 4900, 4900]);
  });
});
