import { expect } from "chai";
import type { Stripe } from "stripe";
import { PriceRegister } from "../../../../src/adapters/stripe/subscription/price_register.ts";
import { StripeCustomerSnapshots } from "../../../../src/adapters/stripe/subscription/stripe_customer_snapshots.ts";
import type { CustomerSnapshot } from "../../../../src/domain/subscription/customer_snapshot.ts";
import { type Rig, startRig, stopRigs } from "../../../sandbox/rig.ts";

describe("StripeCustomerSnapshots", () => {
  let rig: Rig;
  let stripe: Stripe;
  let snapshots: StripeCustomerSnapshots;
  let requests: string[];
  let customer: string;
  let prices: Record<"starter" | "pro" | "metered", string>;

  beforeEach(async () => {
    rig = await startRig();
    stripe = rig.stripe;
    requests = [];
    stripe.on("request", ({ method, path }: Stripe.RequestEvent) =>
      requests.push(`${method} ${path.split("?")[0]}`),
    );
    snapshots = new StripeCustomerSnapshots(stripe, new PriceRegister());
    const price = async (name: string, recurring: Stripe.PriceCreateParams.Recurring) => {
      const product = await stripe.products.create({ name });
      const params = { product: product.id, currency: "eur", unit_amount: 1_000, recurring };
      return (await stripe.prices.create(params)).id;
    };
    const meter = await stripe.billing.meters.create({
      display_name: "Calls",
      event_name: "calls",
      default_aggregation: { formula: "sum" },
    });
    prices = {
      starter: await price("Starter", { interval: "month" }),
      pro: await price("Pro", { interval: "year" }),
      metered: await price("Calls", { interval: "month", usage_type: "metered", meter: meter.id }),
    };
    customer = (
      await stripe.customers.create({
        payment_method: "pm_card_visa",
        invoice_settings: { default_payment_method: "pm_card_visa" },
      })
    ).id;
  });
  afterEach(stopRigs);

  async function read(customerId = customer): Promise<CustomerSnapshot> {
    requests.length = 0;
    return await snapshots.read(customerId);
  }

  function subscribe(params: Partial<Stripe.SubscriptionCreateParams> = {}) {
    return stripe.subscriptions.create({
      customer,
      items: [{ price: prices.starter }],
      metadata: { tenantId: "clacme0001" },
      ...params,
    });
  }

  it("reads subscriptions first and invoices afterwards, and nothing else", async () => {
    const { id } = await subscribe();
    const snapshot = await read();
    expect(requests).to.deep.equal(["GET /v1/subscriptions", "GET /v1/invoices"]);
    expect(snapshot.subscriptions).to.have.length(1);
    expect(snapshot.subscriptions[0]).to.deep.include({
      id,
      customerId: customer,
      tenantId: "clacme0001",
      status: "active",
      paymentMethod: { brand: "visa", last4: "4242", expMonth: 12, expYear: 2027 },
      pauseCollection: null,
      discounts: [],
    });
    const [item] = snapshot.subscriptions[0]?.items ?? [];
    expect(item).to.deep.include({
      priceId: prices.starter,
      licensed: true,
      quantity: 1,
      interval: "month",
      intervalCount: 1,
      amount: 1_000,
    });
    const [invoice] = snapshot.invoices;
    expect(invoice).to.deep.include({
      subscriptionId: id,
      status: "paid",
      billingReason: "subscription_create",
      total: 1_000,
      amountPaid: 1_000,
      amountRemaining: 0,
      startingBalance: 0,
      endingBalance: 0,
    });
    expect(invoice?.lines).to.have.length(1);
    expect(invoice?.lines[0]).to.deep.include({
      subscriptionId: id,
      priceId: prices.starter,
      productId: item?.productId,
      licensed: true,
      amount: 1_000,
      proration: false,
      credited: [],
      period: item?.period,
    });
  });

  it("tells which positions of which invoice a credit gives back", async () => {
    const { id, items } = await subscribe();
    await rig.advance({ advanceDays: 10 });
    await stripe.subscriptions.update(id, {
      items: [{ id: items.data[0]?.id ?? "", price: prices.pro }],
      proration_behavior: "always_invoice",
      billing_cycle_anchor: { type: "now" },
    });
    const { invoices } = await read();
    const [change, first] = invoices;
    expect(change).to.deep.include({ billingReason: "subscription_update" });
    const credit = change?.lines.find(({ amount }) => amount < 0);
    expect(credit).to.deep.include({ proration: true, priceId: prices.starter, licensed: true });
    expect(credit?.credited).to.deep.equal([{ invoiceId: first?.id, lineId: first?.lines[0]?.id }]);
    expect(change?.order).to.be.greaterThan(first?.order ?? 0);
  });

  it("asks for positions that no invoice has yet only where there may be some", async () => {
    const { id, items } = await subscribe();
    await rig.advance({ advanceDays: 10 });
    const dearer = await stripe.prices.create({
      product: (await stripe.products.create({ name: "Dearer" })).id,
      currency: "eur",
      unit_amount: 5_000,
      recurring: { interval: "month" },
    });
    await stripe.subscriptions.update(id, {
      items: [{ id: items.data[0]?.id ?? "", price: dearer.id }],
      proration_behavior: "create_prorations",
    });
    await read();
    await read();
    expect(requests).to.deep.equal([
      "GET /v1/subscriptions",
      "GET /v1/invoices",
      "GET /v1/invoiceitems",
    ]);
  });

  it("asks what is on its way only for what is not paid, and tells how much it is", async () => {
    const { id } = await subscribe();
    const { id: account } = await stripe.paymentMethods.create({
      type: "sepa_debit",
      sepa_debit: { iban: "DE62370400440532013001" },
      billing_details: { email: "owner@example.com", name: "Owner" },
    });
    await stripe.paymentMethods.attach(account, { customer });
    await stripe.subscriptions.update(id, { default_payment_method: account });
    await rig.advance({ advanceDays: 32 });
    const [renewal, first] = (await read()).invoices;
    expect(requests).to.deep.equal([
      "GET /v1/subscriptions",
      "GET /v1/invoices",
      "GET /v1/invoice_payments",
    ]);
    const due = { status: "open", amountRemaining: 1_000 };
    expect(renewal).to.deep.include({ ...due, amountProcessing: 1_000 });
    expect(first).to.deep.include({ status: "paid", amountProcessing: 0 });
    await rig.advance({ advanceDays: 2 });
    expect((await read()).invoices[0]).to.deep.include({ ...due, amountProcessing: 0 });
  });

  it("tells why a subscription has ended", async () => {
    const { id } = await subscribe();
    expect((await read()).subscriptions[0]?.endReason).to.equal(null);
    await stripe.subscriptions.cancel(id);
    expect((await read()).subscriptions[0]?.endReason).to.equal("cancellation_requested");
  });

  it("asks for a price that nothing else tells once in the life of a process", async () => {
    const { id, items } = await subscribe({
      items: [{ price: prices.starter }, { price: prices.metered }],
    });
    const metered = items.data.find(({ price }) => price.id === prices.metered);
    expect((await read()).subscriptions[0]?.items.map(({ licensed }) => licensed)).to.have.members([
      true,
      false,
    ]);
    await stripe.subscriptionItems.del(metered?.id ?? "", { clear_usage: true });
    await stripe.subscriptions.cancel(id);
    snapshots = new StripeCustomerSnapshots(stripe, new PriceRegister());
    await stripe.invoiceItems.create({
      customer,
      pricing: { price: (await onceOnly()).id },
    });
    await stripe.invoices.create({ customer, pending_invoice_items_behavior: "include" });
    const first = await read();
    const manual = first.invoices.find(({ billingReason }) => billingReason === "manual");
    expect(manual?.lines[0]).to.deep.include({ licensed: false });
    const asked = requests.filter((request) => request.startsWith("GET /v1/prices/"));
    expect(asked).to.have.length(new Set(asked).size).and.greaterThan(0);
    await read();
    expect(requests.filter((request) => request.startsWith("GET /v1/prices/"))).to.have.length(0);
  });

  async function onceOnly(): Promise<Stripe.Price> {
    const product = await stripe.products.create({ name: "Onboarding" });
    return await stripe.prices.create({ product: product.id, currency: "eur", unit_amount: 900 });
  }

  it("tells what a schedule changes next, and a pause", async () => {
    const { id } = await subscribe();
    const schedule = await stripe.subscriptionSchedules.create({ from_subscription: id });
    const [phase] = schedule.phases;
    await stripe.subscriptionSchedules.update(schedule.id, {
      end_behavior: "release",
      phases: [
        {
          items: [{ price: prices.starter, quantity: 1 }],
          start_date: phase?.start_date ?? 0,
          end_date: phase?.end_date ?? 0,
        },
        { items: [{ price: prices.pro, quantity: 1 }] },
      ],
    });
    await stripe.subscriptions.update(id, { pause_collection: { behavior: "void" } });
    const [subscription] = (await read()).subscriptions;
    expect(subscription?.schedule).to.deep.equal({
      id: schedule.id,
      changeAt: new Date((phase?.end_date ?? 0) * 1_000),
      nextPriceIds: [prices.pro],
    });
    expect(subscription?.pauseCollection).to.equal("void");
  });

  it("tells a deleted customer, with what it had, and one that never was", async () => {
    await subscribe();
    await stripe.customers.del(customer);
    const gone = await read();
    expect(gone.deleted).to.equal(true);
    expect(gone.subscriptions.map(({ status }) => status)).to.deep.equal(["canceled"]);
    expect(await read("cus_unknown")).to.deep.equal({
      deleted: true,
      balance: 0,
      subscriptions: [],
      invoices: [],
      pendingLines: [],
    });
  });

  it("P43 tells what tax an invoice has added to its prices", async () => {
    const taxRate = async (inclusive: boolean) => {
      const rate = { display_name: "VAT", percentage: 20, inclusive };
      return (await stripe.taxRates.create(rate)).id;
    };
    await subscribe({ default_tax_rates: [await taxRate(false)] });
    await subscribe({ default_tax_rates: [await taxRate(true)] });
    const taxes = (await read()).invoices.map(({ total, taxAdded }) => [total, taxAdded]);
    expect(taxes).to.have.deep.members([
      [1_200, 200],
      [1_000, 0],
    ]);
  });

  it("tells the customer's balance, and what of it an invoice has used", async () => {
    await stripe.customers.createBalanceTransaction(customer, { amount: -1_500, currency: "eur" });
    await subscribe();
    const { balance, invoices } = await read();
    expect(balance).to.equal(-500);
    expect(invoices[0]).to.deep.include({
      amountPaid: 0,
      startingBalance: -1_500,
      endingBalance: -500,
    });
  });
});
