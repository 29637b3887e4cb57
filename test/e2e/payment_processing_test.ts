import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { type ApiAnswer, FAILS_LATER, useStarted } from "../rig/started_billing.ts";

const GOOD = "DE89370400440532013000";
const FAILING = "DE62370400440532013001";
const ON_ITS_WAY = { amount: 2_900, currency: "eur" };

describe("A payment that is on its way", () => {
  const billing = useStarted();

  const customer = async () => (await billing.stripe.customers.list()).data[0]?.id ?? "";

  async function bankAccount(iban: string): Promise<string> {
    const { id } = await billing.stripe.paymentMethods.create({
      type: "sepa_debit",
      sepa_debit: { iban },
      billing_details: { email: "owner@example.com", name: "Owner" },
    });
    await billing.stripe.paymentMethods.attach(id, { customer: await customer() });
    return id;
  }

  async function ownSubscription() {
    const { data } = await billing.stripe.subscriptions.list({ customer: await customer() });
    return data[0] ?? expect.fail("no subscription");
  }

  /** From now on the subscription is paid by bank debits. */
  async function payBy(iban: string): Promise<void> {
    const { id } = await ownSubscription();
    await billing.stripe.subscriptions.update(id, {
      default_payment_method: await bankAccount(iban),
    });
  }

  async function priceOf(slug: string): Promise<string> {
    const { body } = await billing.api("GET", "/billing/plans");
    const plan = body.data.find((one: { readonly slug: string }) => one.slug === slug);
    return plan.prices[0].stripePriceId;
  }

  const newestInvoice = async () => {
    const { body } = await billing.api("GET", "/billing/invoices");
    const { status, processing, hostedUrl } = body.data[0];
    return { status, processing, isShown: hostedUrl !== null };
  };
  /** What the owner sees as soon as it is so: a webhook is answered a moment before it is handled. */
  async function seen(isSo: (one: ApiAnswer["body"]) => boolean) {
    await billing.sandbox.settled();
    for (;;) {
      const subscription = await billing.subscription();
      if (isSo(subscription)) {
        return subscription;
      }
      await setTimeout(20);
    }
  }

  it("P36 is told of a renewal that a bank debits, until it is paid", async () => {
    await billing.buy({ planSlug: "pro" });
    await payBy(GOOD);
    await billing.control("/clock", { advanceDays: 32 });
    const renewal = await seen((one) => one.processing !== null);
    expect(renewal).to.deep.include({ owed: null, processing: ON_ITS_WAY });
    expect(renewal).to.include({ reason: "in_good_standing", effectivePlanSlug: "pro" });
    expect(await newestInvoice()).to.deep.equal({
      status: "open",
      processing: true,
      isShown: true,
    });
    await billing.control("/clock", { advanceDays: 6 });
    expect(await seen((one) => one.processing === null)).to.include({ owed: null });
    expect(await newestInvoice()).to.include({ status: "paid", processing: false });
  });

  it("P36 asks for nothing that a debit pays after a card was declined, and again once it fails", async () => {
    await billing.buy({ planSlug: "pro" }, FAILS_LATER);
    await billing.control("/clock", { advanceDays: 32 });
    const declined = await seen((one) => one.status === "past_due");
    expect(declined.owed).to.include({ amount: 2_900 });
    expect(declined.processing).to.equal(null);
    const { latest_invoice: invoice } = await ownSubscription();
    await billing.stripe.invoices.pay(String(invoice), {
      payment_method: await bankAccount(FAILING),
    });
    const debited = await seen((one) => one.processing !== null);
    expect(debited).to.deep.include({ owed: null, processing: ON_ITS_WAY });
    expect(debited).to.include({ reason: "renewal_in_grace", status: "past_due" });
    expect(await newestInvoice()).to.include({ status: "open", processing: true });
    const change = await billing.choose({ planSlug: "business" });
    expect([change.status, change.body.code]).to.deep.equal([409, "payment_processing"]);
    await billing.control("/clock", { advanceDays: 6 });
    const failed = await seen((one) => one.processing === null);
    expect(failed.owed).to.include({ amount: 2_900, invoiceUrl: declined.owed.invoiceUrl });
    expect(await newestInvoice()).to.include({ status: "open", processing: false });
  });

  it("P36 is told of a change of plan, which gives nothing before it is paid", async () => {
    await billing.buy({ planSlug: "starter" });
    await payBy(GOOD);
    const { id, items } = await ownSubscription();
    await billing.stripe.subscriptions.update(id, {
      items: [{ id: items.data[0]?.id ?? "", price: await priceOf("pro") }],
      proration_behavior: "always_invoice",
      billing_cycle_anchor: { type: "now" },
    });
    const changed = await seen((one) => one.processing !== null);
    expect(changed).to.deep.include({ owed: null, effectivePlanSlug: "starter" });
    expect(changed).to.include({ reason: "change_owed" });
    expect(changed.processing.amount).to.be.within(1_900, 2_900);
    await billing.control("/clock", { advanceDays: 6 });
    expect(await seen((one) => one.processing === null)).to.include({ effectivePlanSlug: "pro" });
  });

  it("P36 is told of a first payment, which gives nothing before it is paid", async () => {
    await billing.buy({ packSlug: "starter" });
    await billing.stripe.subscriptions.create({
      customer: await customer(),
      items: [{ price: await priceOf("pro") }],
      default_payment_method: await bankAccount(GOOD),
    });
    const first = await seen((one) => one.processing !== null);
    expect(first).to.deep.include({
      owed: null,
      processing: ON_ITS_WAY,
      effectivePlanSlug: "free",
    });
    expect(first).to.include({ reason: "first_payment_owed" });
    await billing.control("/clock", { advanceDays: 6 });
    expect(await seen((one) => one.processing === null)).to.include({ effectivePlanSlug: "pro" });
  });
});
