import { expect } from "chai";
import type { Stripe } from "stripe";
import { stopRigs } from "../rig.ts";
import { latestOf, payWith, type Subscriber, subscriber, told, toldTypes } from "./subscriber.ts";

async function failing(settings: object): Promise<Subscriber & { id: string }> {
  const found = await subscriber();
  await found.rig.control("POST", "/dunning", { retryDays: [2], ...settings });
  const { id } = await found.stripe.subscriptions.create({
    customer: found.owner,
    items: [{ price: found.price.id }],
  });
  await payWith(found, "pm_card_chargeCustomerFail");
  await found.rig.advance({ to: "2026-02-28T11:00:00Z" });
  await told(found);
  return { ...found, id };
}

// docs.stripe.com/billing/revenue-recovery/smart-retries: what an account does after the last retry.
describe("dunning in the sandbox", () => {
  afterEach(stopRigs);

  it("leaves a subscription past due; its renewals go on and are tried", async () => {
    const it = await failing({ subscription: "past_due" });
    await it.rig.advance({ advanceDays: 3 });
    expect((await it.stripe.subscriptions.retrieve(it.id)).status).to.equal("past_due");
    await it.rig.advance({ to: "2026-03-31T11:00:00Z" });
    expect(await latestOf(it, it)).to.include({ status: "open", attempt_count: 1 });
  });

  /** A payment intent that is processing cannot be confirmed (docs.stripe.com/payments/paymentintents). */
  it("tries nothing while a bank debit is under way, and goes on once that has failed", async () => {
    const it = await failing({ subscription: "cancel" });
    const { id: method } = await it.stripe.paymentMethods.create({
      type: "sepa_debit",
      sepa_debit: { iban: "DE62370400440532013001" },
      billing_details: { email: "owner@example.com", name: "Owner" },
    });
    await it.stripe.paymentMethods.attach(method, { customer: it.owner });
    const { id: invoice } = await latestOf(it, it);
    await it.stripe.invoices.pay(invoice ?? "", { payment_method: method });
    await told(it);
    const intent = async () => {
      const { data } = await it.stripe.invoicePayments.list({
        invoice: invoice ?? "",
        expand: ["data.payment.payment_intent"],
      });
      const found = data[0]?.payment.payment_intent as Stripe.PaymentIntent | undefined;
      return found?.status;
    };
    await it.rig.advance({ advanceDays: 4 });
    expect(await toldTypes(it)).to.deep.equal([]);
    expect([await intent(), (await latestOf(it, it)).attempt_count]).to.deep.equal([
      "processing",
      1,
    ]);
    await it.rig.advance({ advanceDays: 1 });
    expect(await toldTypes(it)).to.include("invoice.payment_failed");
    expect(await intent()).to.equal("requires_payment_method");
    expect((await it.stripe.subscriptions.retrieve(it.id)).status).to.equal("past_due");
    await it.rig.advance({ advanceDays: 2 });
    expect(await latestOf(it, it)).to.include({ status: "open", attempt_count: 2 });
    expect((await it.stripe.subscriptions.retrieve(it.id)).status).to.equal("canceled");
  });

  it("makes a subscription unpaid; later invoices stay drafts (Subscription.status)", async () => {
    const it = await failing({ subscription: "unpaid" });
    const open = await latestOf(it, it);
    await it.rig.advance({ advanceDays: 3 });
    expect((await it.stripe.subscriptions.retrieve(it.id)).status).to.equal("unpaid");
    await it.rig.advance({ to: "2026-04-01T11:00:00Z" });
    expect(await latestOf(it, it)).to.include({ status: "draft", auto_advance: false });
    const good = await payWith(it, "pm_card_visa");
    await it.stripe.invoices.pay(String(open.id), { payment_method: good });
    expect((await it.stripe.subscriptions.retrieve(it.id)).status).to.equal("active");
  });

  it("needs the latest invoice paid where that is assumed (reactivation)", async () => {
    const it = await failing({ subscription: "unpaid" });
    await it.rig.control("POST", "/assumptions", { reactivation: "latest" });
    const open = await latestOf(it, it);
    await it.rig.advance({ to: "2026-04-01T11:00:00Z" });
    const good = await payWith(it, "pm_card_visa");
    await it.stripe.invoices.pay(String(open.id), { payment_method: good });
    expect((await it.stripe.subscriptions.retrieve(it.id)).status).to.equal("unpaid");
    const latest = await latestOf(it, it);
    await it.stripe.invoices.finalizeInvoice(String(latest.id), { auto_advance: false });
    await it.stripe.invoices.pay(String(latest.id), { payment_method: good });
    expect((await it.stripe.subscriptions.retrieve(it.id)).status).to.equal("active");
  });

  it("gives the invoice up, and the subscription is active again", async () => {
    const it = await failing({ subscription: "past_due", invoice: "uncollectible" });
    const open = await latestOf(it, it);
    await it.rig.advance({ advanceDays: 3 });
    const given = await it.stripe.invoices.retrieve(String(open.id));
    expect(given.status).to.equal("uncollectible");
    expect(given.status_details?.uncollectible?.reason).to.equal("max_payment_attempts");
    expect((await it.stripe.subscriptions.retrieve(it.id)).status).to.equal("active");
  });

  it("pauses a subscription (Subscription.status_details)", async () => {
    const it = await failing({ subscription: "pause" });
    await it.rig.advance({ advanceDays: 3 });
    const paused = await it.stripe.subscriptions.retrieve(it.id);
    expect(paused.status).to.equal("paused");
    expect(paused.status_details?.paused.subscription.type).to.equal("final_payment_failure");
    expect(await toldTypes(it)).to.include("customer.subscription.paused");
  });

  it("is set and read by the control API, and refuses what makes no sense", async () => {
    const { rig } = await subscriber(null);
    const usual = { retryDays: [3, 5, 7], subscription: "cancel", invoice: "open" };
    expect((await rig.control("GET", "/dunning")).body).to.deep.equal(usual);
    for (const bad of [{ retryDays: [0] }, { retryDays: 3 }, { subscription: "forgive" }]) {
      expect((await rig.control("POST", "/dunning", bad)).status).to.equal(400);
    }
    const none = await rig.control("POST", "/dunning", { retryDays: [] });
    expect(none.body).to.deep.equal({ ...usual, retryDays: [] });
    await rig.control("POST", "/reset");
    expect((await rig.control("GET", "/dunning")).body).to.deep.equal(usual);
  });
});
