import { expect } from "chai";
import { PortError } from "../../../../src/application/ports/port_error.ts";
import type { CustomerSnapshots } from "../../../../src/application/ports/subscription/customer_snapshots.ts";
import type { PaymentGateway } from "../../../../src/application/ports/subscription/payment_gateway.ts";
import type {
  ListedCustomer,
  PaymentRecords,
} from "../../../../src/application/ports/subscription/payment_records.ts";
import type { BillingEvent } from "../../../../src/domain/events/billing_event.ts";
import { invoiceFact } from "../../../../src/domain/subscription/seen/listed_facts.ts";
import {
  openCheckout,
  type Rig,
  seed,
  startRig,
  stopRigs,
  subscribe,
} from "../../../sandbox/rig.ts";
import { connected } from "../connected.ts";

describe("StripePaymentRecords, against the sandbox", () => {
  let rig: Rig;
  let records: PaymentRecords;
  let snapshots: CustomerSnapshots;
  let gateway: PaymentGateway;

  beforeEach(async () => {
    rig = await startRig();
    const options = { baseUrl: rig.sandbox.url, reconcileRequestsPerSecond: 1_000 };
    ({ records, snapshots, gateway } = connected(options).background(new AbortController().signal));
  });
  afterEach(stopRigs);

  async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
    const found = [];
    for await (const item of items) {
      found.push(item);
    }
    return found;
  }

  it("customers reads every page, newest first, and leaves out deleted ones", async () => {
    const made: ListedCustomer[] = [];
    for (let index = 0; index < 230; index += 1) {
      const tenantId = `tenant_${index}`;
      const foreign = index % 3 === 0;
      const { id } = await rig.stripe.customers.create(foreign ? {} : { metadata: { tenantId } });
      made.push({ customerId: id, tenantId: foreign ? null : tenantId, balance: 0 });
    }
    const gone = made.pop();
    await rig.stripe.customers.del(gone?.customerId ?? "");
    expect(await all(records.customers())).to.have.deep.members(made);
  });

  it("P41 payments reads every page of every list, and tells each payment once", async () => {
    const { id: customer } = await rig.stripe.customers.create({});
    const metadata = {
      kind: "token_pack",
      tenantId: "clnobody01",
      packSlug: "growth",
      tokens: "500",
    };
    const paid = { amount: 900, currency: "eur", customer, confirm: true, off_session: true };
    const made: string[] = [];
    for (let index = 0; index < 105; index += 1) {
      const other = index % 50 === 0 ? {} : { metadata };
      const params = { ...paid, payment_method: "pm_card_visa", ...other };
      const { id } = await rig.stripe.paymentIntents.create(params);
      if ("metadata" in other) {
        made.push(id);
      }
    }
    const found = await all(records.payments(new Date(0)));
    expect(found.map(({ id }) => id)).to.have.members(made);
    expect(found[0]).to.include({ source: "payment", customerId: customer, packFor: "clnobody01" });
    expect(await records.payment(made[0] ?? "")).to.deep.equal(
      found.find((payment) => payment.id === made[0]),
    );
    expect(await gateway.keptMoney(made[0] ?? "")).to.deep.equal({ amount: 900, currency: "eur" });
    await rig.stripe.refunds.create({ payment_intent: made[0] ?? "", amount: 400 });
    expect(await gateway.keptMoney(made[0] ?? "")).to.include({ amount: 500 });
  });

  it("P37 lists subscriptions and invoices as a look sees them, and packs with their refunds", async () => {
    const catalog = await seed(rig);
    const { id } = await subscribe(rig, catalog);
    const customerId = catalog.customer.id;
    const metadata = { kind: "token_pack", packSlug: "growth", tokens: "500", tenantId: "tnt_01" };
    const line = { price_data: { currency: "usd", unit_amount: 900, product: catalog.product.id } };
    const session = await openCheckout(rig, catalog, {
      mode: "payment",
      line_items: [{ ...line, quantity: 1 }],
      metadata,
      payment_intent_data: { metadata },
      subscription_data: undefined as never,
    });
    await rig.control("POST", `/checkout/${session.id}/complete`, { card: "4242424242424242" });
    const { payment_intent: payment } = await rig.stripe.checkout.sessions.retrieve(session.id);
    await rig.stripe.refunds.create({ payment_intent: String(payment), amount: 300 });
    const snapshot = await snapshots.read(customerId);
    expect(await all(records.subscriptions())).to.deep.equal(
      snapshot.subscriptions.map((subscription) => ({ customerId, subscription })),
    );
    expect(snapshot.subscriptions.map((one) => one.id)).to.deep.equal([id]);
    const invoices = await all(records.invoices(new Date(0)));
    expect(invoices.map(({ invoice }) => invoice && invoiceFact(invoice))).to.deep.equal(
      snapshot.invoices.map(invoiceFact),
    );
    expect(invoices.map(({ invoice }) => invoice?.id)).to.deep.equal(
      snapshot.invoices.map((invoice) => invoice.id),
    );
    const [pack, ...others] = await all(records.packs());
    expect([pack?.customerId, pack?.tenantId, others]).to.deep.equal([customerId, "tnt_01", []]);
    expect(pack?.purchase).to.deep.include({ sessionId: session.id, tokens: 500, paid: true });
    expect(pack?.purchase?.reversals.map(({ amount }) => amount)).to.deep.equal([300]);
  });

  it("P37 invoices lists earlier ones only while they can change", async () => {
    const catalog = await seed(rig);
    await subscribe(rig, catalog);
    const customer = catalog.customer.id;
    const late = await rig.stripe.invoices.create({ customer, auto_advance: false });
    await rig.advance({ advanceDays: 3 });
    const since = rig.sandbox.now();
    const listed = await all(records.invoices(since));
    expect(listed.map(({ invoice }) => invoice?.id)).to.deep.equal([late.id]);
    await rig.stripe.invoices.del(late.id ?? "");
    expect(await all(records.invoices(since))).to.deep.equal([]);
  });

  it("P41 takes a Checkout that does not say how many tokens for no pack of ours, and lists it", async () => {
    const catalog = await seed(rig);
    const session = await openCheckout(rig, catalog, {
      mode: "payment",
      line_items: [
        {
          price_data: { currency: "usd", unit_amount: 900, product: catalog.product.id },
          quantity: 1,
        },
      ],
      metadata: { kind: "token_pack", packSlug: "growth", tokens: "many", tenantId: "tnt_01" },
      subscription_data: undefined as never,
    });
    await rig.control("POST", `/checkout/${session.id}/complete`, { card: "4242424242424242" });
    expect(await all(records.packs())).to.deep.equal([]);
    const [payment] = await all(records.payments(new Date(0)));
    expect(payment).to.deep.include({
      source: "checkout",
      packFor: "",
      amount: 900,
      sold: [{ productId: catalog.product.id, amount: 900, quantity: 1, recurring: false }],
    });
  });

  it("P43 tells what each thing that was sold has brought: after its discount, with its tax", async () => {
    const catalog = await seed(rig);
    const { stripe } = rig;
    const other = await stripe.products.create({ name: "Setup" });
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: "forever" });
    const vat = { display_name: "VAT", percentage: 20, inclusive: false };
    const customer = catalog.customer.id;
    const { id = "" } = await stripe.invoices.create({
      customer,
      auto_advance: false,
      default_tax_rates: [(await stripe.taxRates.create(vat)).id],
      discounts: [{ coupon: coupon.id }],
    });
    for (const [product, amount] of [
      [catalog.product.id, 900],
      [other.id, 500],
    ] as const) {
      const price = { currency: "usd", unit_amount: amount, product };
      const { id: one } = await stripe.prices.create(price);
      await stripe.invoiceItems.create({ customer, invoice: id, pricing: { price: one } });
    }
    await stripe.paymentMethods.attach("pm_card_visa", { customer });
    await stripe.invoices.pay((await stripe.invoices.finalizeInvoice(id)).id ?? "", {
      payment_method: (await stripe.paymentMethods.list({ customer })).data[0]?.id ?? "",
    });
    const [payment] = await all(records.payments(new Date(0)));
    expect(payment).to.deep.include({
      id,
      amount: 840,
      sold: [
        { productId: catalog.product.id, amount: 540, quantity: 1, recurring: false },
        { productId: other.id, amount: 300, quantity: 1, recurring: false },
      ],
    });
    const line = { price_data: { currency: "usd", unit_amount: 900, product: other.id } };
    const session = await openCheckout(rig, catalog, {
      mode: "payment",
      line_items: [{ ...line, quantity: 1 }],
      discounts: [{ coupon: coupon.id }],
      subscription_data: undefined as never,
    });
    await rig.control("POST", `/checkout/${session.id}/complete`, { card: "4242424242424242" });
    const bought = await all(records.payments(new Date(0)));
    expect(bought.find(({ source }) => source === "checkout")).to.deep.include({
      amount: 450,
      sold: [{ productId: other.id, amount: 450, quantity: 1, recurring: false }],
    });
  });

  it("P37 events tells what was not delivered, as a delivery would have brought it", async () => {
    await rig.control("POST", "/delivery", { dropRate: 1 });
    const catalog = await seed(rig);
    await subscribe(rig, catalog);
    const missed = await all(records.events({ undelivered: true }));
    const types = missed.map(({ type }) => type);
    expect(types).to.include.members(["checkout.session.completed", "invoice.paid"]);
    expect(types, "not handled").to.not.include("invoice.created");
    const paid = missed.find(({ type }) => type === "invoice.paid") as BillingEvent;
    expect(paid).to.deep.include({
      customerId: catalog.customer.id,
      livemode: false,
      connectedAccount: null,
    });
    const stored = JSON.parse(paid.payload) as { id: string; data: { object: { id: string } } };
    const retrieved = await rig.stripe.events.retrieve(paid.id);
    expect(stored.data).to.deep.equal(JSON.parse(JSON.stringify(retrieved.data)));
  });

  it("P37 events leaves out what was delivered, or resent since", async () => {
    await rig.control("POST", "/delivery", { dropRate: 1 });
    await subscribe(rig, await seed(rig));
    const [first, ...others] = await all(records.events({ undelivered: true }));
    await rig.control("POST", `/events/${first?.id}/resend`);
    await rig.sandbox.settled();
    const left = await all(records.events({ undelivered: true }));
    expect(left.map(({ id }) => id)).to.have.members(others.map(({ id }) => id));
  });

  it("events since a time leaves out older ones", async () => {
    await subscribe(rig, await seed(rig));
    await rig.advance({ advanceDays: 29 });
    const since = new Date(rig.sandbox.now().getTime() - 86_400_000 * 5);
    const late = await all(records.events({ since }));
    expect(late).to.not.deep.equal([]);
    expect(late.every(({ createdAt }) => createdAt >= since)).to.equal(true);
    expect(await all(records.events({}))).to.have.length.greaterThan(late.length);
  });

  it("P37 reversedCustomers tells whose payments were refunded or disputed since", async () => {
    const catalog = await seed(rig);
    await subscribe(rig, catalog);
    const [charge] = (await rig.stripe.charges.list()).data;
    const before = new Date(1000 * (charge?.created ?? 0));
    expect(await all(records.reversedCustomers(before))).to.deep.equal([]);
    await rig.stripe.refunds.create({ charge: String(charge?.id), amount: 100 });
    await rig.control("POST", `/payments/${charge?.id}/dispute`, {});
    const { id } = catalog.customer;
    expect(await all(records.reversedCustomers(before))).to.deep.equal([id, id]);
    await rig.control("POST", "/clock", { advanceDays: 2 });
    const later = new Date(+before + 86_400_000);
    expect(await all(records.reversedCustomers(later))).to.deep.equal([]);
  });

  it("P08 throws PortError when Stripe fails", async () => {
    await rig.control("POST", "/faults", { route: "*", status: 500, times: 10 });
    for (const list of [records.customers(), records.events({})]) {
      const error = await all<unknown>(list).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(PortError).and.to.include({ transient: true });
    }
  });
});
