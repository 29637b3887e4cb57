import { expect } from "chai";
import type { Stripe } from "stripe";
import { refundPart } from "../../../../src/adapters/stripe/subscription/refund_invoice.ts";
import { PortError } from "../../../../src/application/ports/port_error.ts";
import { type Rig, startRig, stopRigs } from "../../../sandbox/rig.ts";

describe("refundPart, against the sandbox", () => {
  let rig: Rig;
  let stripe: Stripe;
  let part: { invoiceId: string; amount: number; purpose: string };

  beforeEach(async () => {
    rig = await startRig();
    stripe = rig.stripe;
    const { id: customer } = await stripe.customers.create({ name: "Ada" });
    const { id: method } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
    const invoice = await stripe.invoices.create({ customer, currency: "eur" });
    const invoiceId = String(invoice.id);
    await stripe.invoiceItems.create({ customer, invoice: invoiceId, amount: 2_900 });
    await stripe.invoices.finalizeInvoice(invoiceId);
    await stripe.invoices.pay(invoiceId, { payment_method: method });
    part = { invoiceId, amount: 1_000, purpose: "end-tenant:clacme0001" };
  });
  afterEach(stopRigs);

  async function refunds(): Promise<(string | number | null)[][]> {
    const { data } = await stripe.refunds.list();
    return data.map(({ amount, status }) => [amount, status]);
  }

  const fail = (fault: object) =>
    rig.control("POST", "/faults", { route: "POST /v1/refunds", ...fault });

  it("P44 gives a part back once, however often it is asked for", async () => {
    await refundPart(stripe, part);
    await refundPart(stripe, part);
    expect(await refunds()).to.deep.equal([[1_000, "succeeded"]]);
  });

  for (const executed of [false, true]) {
    it(`P22 P44 gives it back, though Stripe has kept a failure${executed ? " of what it has done" : ""}`, async () => {
      await fail({ status: 500, executed });
      await refundPart(stripe, part);
      await refundPart(stripe, part);
      expect(await refunds()).to.deep.equal([[1_000, "succeeded"]]);
    });
  }

  it("P44 gives it back anew where the payer's bank has returned it", async () => {
    await refundPart(stripe, part);
    const { data } = await stripe.refunds.list();
    await rig.control("POST", `/refunds/${data[0]?.id}/fail`, {});
    await refundPart(stripe, part);
    await refundPart(stripe, part);
    expect(await refunds()).to.deep.equal([
      [1_000, "succeeded"],
      [1_000, "failed"],
    ]);
  });

  for (const [left, byHand] of [
    ["nothing of it is left", 2_900],
    ["less than that is left of it", 2_500],
  ] as const) {
    it(`P44 gives nothing back where ${left}, which a dry run tells before`, async () => {
      await refundPart(stripe, { ...part, dryRun: true });
      expect(await refunds()).to.deep.equal([]);
      const { data } = await stripe.invoicePayments.list({ invoice: part.invoiceId });
      const payment_intent = String(data[0]?.payment.payment_intent);
      await stripe.refunds.create({ payment_intent, amount: byHand });
      for (const dryRun of [true, false]) {
        const error = await refundPart(stripe, { ...part, dryRun }).catch((thrown) => thrown);
        expect(error).to.be.instanceOf(PortError).and.include({ transient: false });
        expect(error.message).to.match(new RegExp(`: ${left}$`));
      }
      expect(await refunds()).to.deep.equal([[byHand, "succeeded"]]);
    });
  }

  it("P44 tells that nothing is left of an invoice that was paid outside of Stripe", async () => {
    const { id: customer } = await stripe.customers.create({ name: "Bob" });
    const { id = "" } = await stripe.invoices.create({ customer, currency: "eur" });
    await stripe.invoiceItems.create({ customer, invoice: id, amount: 2_900 });
    await stripe.invoices.finalizeInvoice(id);
    await stripe.invoices.pay(id, { paid_out_of_band: true });
    const error = await refundPart(stripe, { ...part, invoiceId: id }).catch((thrown) => thrown);
    expect(error?.message).to.match(/: nothing of it is left$/);
  });
});
