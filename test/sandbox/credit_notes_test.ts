import { expect } from "chai";
import type { Stripe } from "stripe";
import { type Rig, refusal, seed, startRig, stopRigs, subscribe } from "./rig.ts";

/** An invoice over two lines and 10 percent of tax, 3300 in all. */
async function opened(): Promise<{ rig: Rig; customer: string; invoice: Stripe.Invoice }> {
  const rig = await startRig();
  const { stripe } = rig;
  const { id: customer } = await stripe.customers.create({ email: "ada@example.com" });
  const rate = await stripe.taxRates.create({
    display_name: "VAT",
    percentage: 10,
    inclusive: false,
  });
  const on = { customer, currency: "usd", tax_rates: [rate.id] };
  await stripe.invoiceItems.create({ ...on, amount: 2000 });
  await stripe.invoiceItems.create({ ...on, amount: 1000 });
  const include = { pending_invoice_items_behavior: "include" } as const;
  const draft = await stripe.invoices.create({ customer, currency: "usd", ...include });
  const invoice = await stripe.invoices.finalizeInvoice(draft.id);
  expect(invoice.total).to.equal(3300);
  return { rig, customer, invoice };
}

/** docs.stripe.com/invoicing/dashboard/credit-notes, docs.stripe.com/api/credit_notes. */
describe("credit notes in the sandbox", () => {
  afterEach(stopRigs);

  it("reduce what is left of an open invoice, and can be voided", async () => {
    const { rig, invoice } = await opened();
    const [line] = invoice.lines.data;
    const note = await rig.stripe.creditNotes.create({
      invoice: invoice.id,
      lines: [{ type: "invoice_line_item", invoice_line_item: String(line?.id) }],
    });
    const amount = Number(line?.amount) * 1.1;
    expect(note).to.include({ total: amount, type: "pre_payment", pre_payment_amount: amount });
    const reduced = await rig.stripe.invoices.retrieve(invoice.id, {
      expand: ["payments.data.payment.payment_intent"],
    });
    expect(reduced).to.include({ amount_remaining: 3300 - amount, status: "open" });
    const intent = reduced.payments?.data[0]?.payment.payment_intent as Stripe.PaymentIntent;
    expect(intent.amount).to.equal(3300 - amount);
    expect((await rig.stripe.creditNotes.voidCreditNote(note.id)).status).to.equal("void");
    expect((await rig.stripe.invoices.retrieve(invoice.id)).amount_remaining).to.equal(3300);
  });

  it("over all that is left pay an open invoice without money", async () => {
    const { rig, invoice } = await opened();
    await rig.stripe.creditNotes.create({ invoice: invoice.id, amount: 3300 });
    const paid = await rig.stripe.invoices.retrieve(invoice.id);
    expect(paid).to.include({ status: "paid", amount_paid: 0 });
    expect((await rig.stripe.charges.list()).data).to.deep.equal([]);
  });

  it("of a paid invoice go to the card, to the balance, or their own way", async () => {
    const rig = await startRig();
    const catalog = await seed(rig);
    const { latest_invoice: id } = await subscribe(rig, catalog);
    const invoice = String(id);
    const wrong = await refusal(rig.stripe.creditNotes.create({ invoice, amount: 900 }));
    expect(wrong.statusCode).to.equal(400);
    const shown = await rig.stripe.creditNotes.preview({
      invoice,
      amount: 900,
      refund_amount: 900,
    });
    expect(shown.total).to.equal(900);
    expect((await rig.stripe.creditNotes.list({ invoice })).data).to.deep.equal([]);
    const note = await rig.stripe.creditNotes.create({
      invoice,
      amount: 1000,
      refund_amount: 300,
      credit_amount: 600,
      out_of_band_amount: 100,
    });
    expect(note).to.include({ type: "post_payment", post_payment_amount: 1000 });
    expect(note.refunds.map(({ amount_refunded: amount }) => amount)).to.deep.equal([300]);
    const { balance } = (await rig.stripe.customers.retrieve(
      catalog.customer.id,
    )) as Stripe.Customer;
    expect(balance).to.equal(-600);
    const { data } = await rig.stripe.customers.listBalanceTransactions(catalog.customer.id);
    expect(data[0]).to.include({ type: "credit_note", credit_note: note.id, amount: -600 });
    const credited = await rig.stripe.invoices.retrieve(invoice);
    expect(credited).to.include({ status: "paid", post_payment_credit_notes_amount: 1000 });
    const much = await refusal(
      rig.stripe.creditNotes.create({ invoice, amount: 3901, refund_amount: 3901 }),
    );
    expect(much.statusCode).to.equal(400);
  });
});
