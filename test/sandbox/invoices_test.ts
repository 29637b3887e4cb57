import { expect } from "chai";
import type { Stripe } from "stripe";
import { payOnPage } from "./hosted_invoice.ts";
import { eventsOf } from "./plans.ts";
import { type Rig, refusal, seed, startRig, stopRigs, subscribe } from "./rig.ts";

const HOUR = 3600;

/** A customer whose card is on file. */
async function withCustomer(token = "pm_card_visa"): Promise<{ rig: Rig; customer: string }> {
  const rig = await startRig();
  const { id: customer } = await rig.stripe.customers.create({
    email: "ada@example.com",
    payment_method: token,
    invoice_settings: { default_payment_method: token },
  });
  return { rig, customer };
}

async function drafted(
  { stripe }: Rig,
  customer: string,
  params: Stripe.InvoiceCreateParams = {},
): Promise<Stripe.Invoice> {
  await stripe.invoiceItems.create({ customer, amount: 4000, currency: "usd" });
  const include = { pending_invoice_items_behavior: "include" } as const;
  return stripe.invoices.create({ customer, currency: "usd", ...include, ...params });
}

/** docs.stripe.com/invoicing/overview, docs.stripe.com/api/invoices. */
describe("an invoice written by hand in the sandbox", () => {
  afterEach(stopRigs);

  it("takes pending items only where it is asked to", async () => {
    const { rig, customer } = await withCustomer();
    const { stripe } = rig;
    await stripe.invoiceItems.create({ customer, amount: 900, currency: "usd" });
    const empty = await stripe.invoices.create({ customer, currency: "usd" });
    expect(empty).to.include({ total: 0, status: "draft", billing_reason: "manual" });
    const full = await drafted(rig, customer);
    expect(full.total).to.equal(4900);
    expect(full.lines.data.map(({ parent }) => parent?.type)).to.deep.equal(
      Array(2).fill("invoice_item_details"),
    );
    expect((await stripe.invoiceItems.list({ customer, pending: true })).data).to.deep.equal([]);
  });

  it("stays a draft without auto_advance, and is final and charged an hour later with it", async () => {
    const { rig, customer } = await withCustomer();
    const kept = await drafted(rig, customer);
    const advancing = await drafted(rig, customer, { auto_advance: true });
    expect(advancing.automatically_finalizes_at).to.equal(advancing.created + HOUR);
    await rig.advance({ advanceHours: 1 });
    const statusOf = async (id: string) => (await rig.stripe.invoices.retrieve(id)).status;
    expect(await statusOf(kept.id)).to.equal("draft");
    expect(await statusOf(advancing.id)).to.equal("paid");
  });

  it("is final when it is finalised, with a number, a page and a payment that waits", async () => {
    const { rig, customer } = await withCustomer();
    const { id } = await drafted(rig, customer);
    const types = await eventsOf(rig, () => rig.stripe.invoices.finalizeInvoice(id));
    expect(types).to.deep.equal(["invoice.finalized", "payment_intent.created"]);
    const open = await rig.stripe.invoices.retrieve(id, {
      expand: ["payments", "confirmation_secret"],
    });
    expect(open).to.include({ status: "open", amount_due: 4000, attempted: false });
    expect(open.number).to.match(/-0001$/);
    const payment = open.payments?.data[0];
    expect(payment).to.include({ status: "open", amount_requested: 4000, is_default: true });
    expect(open.confirmation_secret).to.include({ type: "payment_intent" });
    const again = await refusal(rig.stripe.invoices.finalizeInvoice(id));
    expect(again).to.include({ statusCode: 400, code: "invoice_not_editable" });
    const edited = await refusal(rig.stripe.invoices.update(id, { description: "late" }));
    expect(edited.statusCode).to.equal(400);
  });

  it("is paid with the card on file, once", async () => {
    const { rig, customer } = await withCustomer();
    const { id } = await drafted(rig, customer);
    const types = await eventsOf(rig, () => rig.stripe.invoices.pay(id));
    expect(types.filter((type) => type.startsWith("invoice."))).to.deep.equal([
      "invoice.finalized",
      "invoice.updated",
      "invoice.paid",
      "invoice.payment_succeeded",
    ]);
    const paid = await rig.stripe.invoices.retrieve(id);
    expect(paid).to.include({ status: "paid", amount_paid: 4000, amount_remaining: 0 });
    expect((await refusal(rig.stripe.invoices.pay(id))).message).to.equal(
      "Invoice is already paid",
    );
    const voided = await refusal(rig.stripe.invoices.voidInvoice(id));
    expect(voided.statusCode).to.equal(400);
  });

  it("answers 402 for a card that is declined, and leaves the failed payment behind", async () => {
    const { rig, customer } = await withCustomer("pm_card_chargeCustomerFail");
    const { id } = await drafted(rig, customer);
    const types = await eventsOf(rig, async () => {
      const declined = await refusal(rig.stripe.invoices.pay(id));
      expect(declined).to.include({ statusCode: 402, code: "card_declined" });
    });
    expect(types).to.include.members(["charge.failed", "invoice.payment_failed"]);
    const open = await rig.stripe.invoices.retrieve(id, {
      expand: ["payments.data.payment.payment_intent"],
    });
    expect(open).to.include({ status: "open", attempted: true, attempt_count: 1 });
    const intent = open.payments?.data[0]?.payment.payment_intent as Stripe.PaymentIntent;
    expect(intent.last_payment_error).to.include({ code: "card_declined" });
    await rig.stripe.invoices.pay(id, { paid_out_of_band: true });
    expect((await rig.stripe.paymentIntents.retrieve(intent.id)).status).to.equal("canceled");
  });

  it("that needs 3-D Secure asks for it: nothing is charged before its holder is there", async () => {
    const { rig, customer } = await withCustomer("pm_card_authenticationRequired");
    const { id } = await drafted(rig, customer, { auto_advance: true });
    const types = await eventsOf(rig, () => rig.advance({ advanceHours: 1 }));
    expect(types).to.include.members([
      "payment_intent.requires_action",
      "invoice.payment_action_required",
      "invoice.payment_failed",
    ]);
    expect(types).to.not.include("charge.failed");
    const open = await rig.stripe.invoices.retrieve(id);
    expect(open.status).to.equal("open");
    expect((await payOnPage(open)).text).to.contain("Paid");
    expect((await rig.stripe.invoices.retrieve(id)).status).to.equal("paid");
  });

  it("is paid outside of Stripe without a charge", async () => {
    const { rig, customer } = await withCustomer();
    const { id } = await drafted(rig, customer);
    const paid = await rig.stripe.invoices.pay(id, { paid_out_of_band: true });
    expect(paid).to.include({ status: "paid", amount_paid_off_stripe: 4000 });
    expect(
      (await rig.stripe.charges.search({ query: `customer:"${customer}"` })).data,
    ).to.have.length(0);
  });

  it("that is sent falls due: announced three days before, overdue then", async () => {
    const { rig, customer } = await withCustomer();
    const draft = await drafted(rig, customer, {
      collection_method: "send_invoice",
      days_until_due: 10,
      auto_advance: true,
    });
    expect(await eventsOf(rig, () => rig.advance({ advanceHours: 1 }))).to.deep.equal([
      "invoice.finalized",
      "payment_intent.created",
      "invoice.sent",
    ]);
    expect(await eventsOf(rig, () => rig.advance({ advanceDays: 7 }))).to.deep.equal([
      "invoice.will_be_due",
    ]);
    expect(await eventsOf(rig, () => rig.advance({ advanceDays: 3 }))).to.deep.equal([
      "invoice.overdue",
      "customer.updated",
    ]);
    const found = await rig.stripe.invoices.list({ due_date: { lte: Number(draft.due_date) } });
    expect(found.data.map(({ id }) => id)).to.deep.equal([draft.id]);
    expect(found.data[0]).to.include({ next_payment_attempt: null, attempted: false });
  });

  it("is deleted as a draft only", async () => {
    const { rig, customer } = await withCustomer();
    const { id } = await drafted(rig, customer);
    await rig.stripe.invoices.finalizeInvoice(id);
    expect((await refusal(rig.stripe.invoices.del(id))).statusCode).to.equal(400);
    const { id: other } = await drafted(rig, customer);
    expect(await rig.stripe.invoices.del(other)).to.include({ deleted: true });
    expect((await refusal(rig.stripe.invoices.retrieve(other))).statusCode).to.equal(404);
  });

  it("shows lines, discounts and taxes on its page, and takes a card there", async () => {
    const { rig, customer } = await withCustomer();
    const rate = await rig.stripe.taxRates.create({
      display_name: "VAT",
      percentage: 10,
      inclusive: false,
    });
    const coupon = await rig.stripe.coupons.create({ percent_off: 25, name: "Spring" });
    const { id } = await drafted(rig, customer, {
      default_tax_rates: [rate.id],
      discounts: [{ coupon: coupon.id }],
    });
    const open = await rig.stripe.invoices.finalizeInvoice(id);
    expect(open).to.include({ subtotal: 4000, total: 3300 });
    const declined = await payOnPage(open, "4000000000000002");
    expect(declined.status).to.equal(402);
    expect(declined.text).to.contain("Spring").and.to.contain("VAT 10 %");
    expect((await payOnPage(open)).text).to.contain("Paid");
  });
});

/** docs.stripe.com/api/invoices/void, docs.stripe.com/api/invoices/mark_uncollectible. */
describe("an open invoice of a subscription in the sandbox", () => {
  afterEach(stopRigs);

  async function pastDue(): Promise<{ rig: Rig; id: string; invoice: string }> {
    const rig = await startRig();
    const { id } = await subscribe(rig, await seed(rig), "4000000000000341");
    await rig.advance({ to: "2026-02-28T11:00:00Z" });
    const { latest_invoice: invoice, status } = await rig.stripe.subscriptions.retrieve(id);
    expect(status).to.equal("past_due");
    return { rig, id, invoice: String(invoice) };
  }

  it("is forgiven: uncollectible says why, and the subscription goes on", async () => {
    const { rig, id, invoice } = await pastDue();
    const types = await eventsOf(rig, () => rig.stripe.invoices.markUncollectible(invoice));
    expect(types).to.deep.equal([
      "invoice.updated",
      "invoice.marked_uncollectible",
      "customer.updated",
      "customer.subscription.updated",
    ]);
    const forgiven = await rig.stripe.invoices.retrieve(invoice);
    expect(forgiven.status_details?.uncollectible?.reason).to.equal("user_forgiven");
    expect((await rig.stripe.subscriptions.retrieve(id)).status).to.equal("active");
    const paid = await rig.stripe.invoices.pay(invoice, { paid_out_of_band: true });
    expect(paid.status).to.equal("paid");
    expect(paid.status_details).to.equal(undefined);
  });

  it("is voided: its payment is called off, and nothing is tried again", async () => {
    const { rig, invoice } = await pastDue();
    const voided = await rig.stripe.invoices.voidInvoice(invoice, { expand: ["payments"] });
    expect(voided).to.include({ status: "void", next_payment_attempt: null });
    expect(voided.payments?.data[0]?.status).to.equal("canceled");
    expect((await refusal(rig.stripe.invoices.pay(invoice))).statusCode).to.equal(400);
    const types = await eventsOf(rig, () => rig.advance({ advanceDays: 20 }));
    expect(types).to.not.include("invoice.payment_failed");
  });
});
