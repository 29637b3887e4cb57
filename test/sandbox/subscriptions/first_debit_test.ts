import { expect } from "chai";
import type { Stripe } from "stripe";
import { openCheckout, refusal, stopRigs } from "../rig.ts";
import { latestOf, type Subscriber, subscriber, toldTypes } from "./subscriber.ts";

const GOOD = "DE89370400440532013000";
const FAILING = "DE62370400440532013001";

/**
 * A subscription whose first invoice is paid by bank debit. Source: docs.stripe.com/billing/
 * subscriptions/overview, on delayed payment methods: `active` while the payment intent is
 * `processing`; where it fails later, the invoice is voided and the subscription stays `active`. Of
 * `incomplete` the same page says that a pending payment may leave a subscription in it, too.
 * docs.stripe.com/testing#sepa-direct-debit has the accounts.
 */
describe("a subscription in the sandbox that begins with a bank debit", () => {
  let s: Subscriber;
  let monthly: Stripe.Price;

  beforeEach(async () => {
    s = await subscriber(null);
    monthly = await s.stripe.prices.create({
      product: s.product.id,
      currency: "eur",
      unit_amount: 4900,
      recurring: { interval: "month" },
    });
  });
  afterEach(stopRigs);

  async function debited(iban: string, more: Partial<Stripe.SubscriptionCreateParams> = {}) {
    const method = await s.stripe.paymentMethods.create({
      type: "sepa_debit",
      sepa_debit: { iban },
      billing_details: { email: "owner@example.com", name: "Owner" },
    });
    await s.stripe.paymentMethods.attach(method.id, { customer: s.owner });
    await toldTypes(s);
    return s.stripe.subscriptions.create({
      customer: s.owner,
      items: [{ price: monthly.id }],
      default_payment_method: method.id,
      ...more,
    });
  }
  const statusOf = async ({ id }: { id: string }) =>
    (await s.stripe.subscriptions.retrieve(id)).status;

  it("is active while the debit is under way, and stays so when the money comes", async () => {
    const made = await debited(GOOD);
    expect(made.status).to.equal("active");
    expect(await latestOf(s, made)).to.include({ status: "open", attempted: true });
    expect(await toldTypes(s)).to.include.members(["payment_intent.processing", "charge.pending"]);
    await s.rig.advance({ advanceDays: 2 });
    expect(await statusOf(made)).to.equal("active");
    expect(await latestOf(s, made)).to.include({ status: "open" });
    await s.rig.advance({ advanceDays: 3 });
    expect(await statusOf(made)).to.equal("active");
    expect(await latestOf(s, made)).to.include({ status: "paid", amount_paid: 4900 });
    expect(await toldTypes(s)).to.include.members(["invoice.paid", "charge.succeeded"]);
  });

  it("stays active when the debit fails, and its invoice is void", async () => {
    const made = await debited(FAILING);
    await toldTypes(s);
    await s.rig.advance({ advanceDays: 5 });
    expect(await statusOf(made)).to.equal("active");
    expect(await latestOf(s, made)).to.include({ status: "void", amount_paid: 0 });
    const types = await toldTypes(s);
    expect(types).to.include.members([
      "charge.failed",
      "payment_intent.payment_failed",
      "invoice.payment_failed",
      "invoice.voided",
    ]);
    expect(types).not.to.include("customer.subscription.updated");
  });

  it("becomes active when its incomplete payment is confirmed with a bank account", async () => {
    const made = await debited(GOOD, {
      payment_behavior: "default_incomplete",
      expand: ["latest_invoice.payments"],
    });
    expect(made.status).to.equal("incomplete");
    const invoice = made.latest_invoice as Stripe.Invoice;
    const intent = String(invoice.payments?.data[0]?.payment.payment_intent);
    await s.stripe.paymentIntents.confirm(intent, {
      payment_method: String(made.default_payment_method),
    });
    expect(await statusOf(made)).to.equal("active");
    await s.rig.advance({ advanceDays: 2 });
    expect(await statusOf(made)).to.equal("active");
  });

  it("is past due after a debit that fails, where that is assumed", async () => {
    await s.rig.control("POST", "/assumptions", { firstDebit: "past_due" });
    const made = await debited(FAILING);
    await s.rig.advance({ advanceDays: 5 });
    expect(await statusOf(made)).to.equal("past_due");
    expect(await latestOf(s, made)).to.include({ status: "open", attempt_count: 1 });
  });

  it("is incomplete for as long as the debit is under way, where that is assumed", async () => {
    await s.rig.control("POST", "/assumptions", { firstDebit: "incomplete" });
    const good = await debited(GOOD);
    const failing = await debited(FAILING);
    expect([good.status, failing.status]).to.deep.equal(["incomplete", "incomplete"]);
    await s.rig.advance({ advanceDays: 4 });
    expect([await statusOf(good), await statusOf(failing)]).to.deep.equal([
      "incomplete",
      "incomplete",
    ]);
    await s.rig.advance({ advanceDays: 1 });
    expect([await statusOf(good), await statusOf(failing)]).to.deep.equal([
      "active",
      "incomplete_expired",
    ]);
    expect(await latestOf(s, good)).to.include({ status: "paid" });
    expect(await latestOf(s, failing)).to.include({ status: "void" });
  });

  it("is not charged a second time while the debit is under way", async () => {
    const made = await debited(GOOD);
    const again = await refusal(s.stripe.invoices.pay(String(made.latest_invoice)));
    expect(again.code).to.equal("payment_intent_unexpected_state");
    const { hosted_invoice_url: page } = await latestOf(s, made);
    expect(await (await fetch(String(page))).text()).not.to.include("Pay this invoice");
  });

  it("keeps a change pending for longer than a day while its debit is under way", async () => {
    const made = await debited(GOOD);
    await s.rig.advance({ advanceDays: 6 });
    const dearer = await s.stripe.prices.create({
      product: s.product.id,
      currency: "eur",
      unit_amount: 9900,
      recurring: { interval: "month" },
    });
    await s.stripe.subscriptions.update(made.id, {
      items: [{ id: made.items.data[0]?.id ?? "", price: dearer.id }],
      payment_behavior: "pending_if_incomplete",
      proration_behavior: "always_invoice",
    });
    await s.rig.advance({ advanceDays: 2 });
    expect((await s.stripe.subscriptions.retrieve(made.id)).pending_update).not.to.equal(null);
    await s.rig.advance({ advanceDays: 3 });
    const now = await s.stripe.subscriptions.retrieve(made.id);
    expect(now.pending_update).to.equal(null);
    expect(now.items.data[0]?.price.id).to.equal(dearer.id);
  });

  for (const [method, end, invoiceStatus] of [
    ["bank_debit", "checkout.session.async_payment_succeeded", "paid"],
    ["bank_debit_fails", "checkout.session.async_payment_failed", "void"],
  ] as const) {
    it(`by Checkout with ${method} completes unpaid, then tells how it ended`, async () => {
      const { id } = await openCheckout(s.rig, { ...s, price: monthly });
      await s.rig.control("POST", `/checkout/${id}/complete`, { method });
      const session = await s.stripe.checkout.sessions.retrieve(id);
      expect(session).to.include({ status: "complete", payment_status: "unpaid" });
      const subscription = { id: String(session.subscription) };
      expect(await statusOf(subscription)).to.equal("active");
      expect(await toldTypes(s)).to.include("checkout.session.completed");
      await s.rig.advance({ advanceDays: 5 });
      expect(await toldTypes(s)).to.include(end);
      expect(await latestOf(s, subscription)).to.include({ status: invoiceStatus });
      expect(await statusOf(subscription)).to.equal("active");
    });
  }
});
