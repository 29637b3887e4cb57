import { type Catalog, type Rig, subscribe } from "../sandbox/rig.ts";

const FAILS_LATER = "4000000000000341";

/** Calls every route about invoices and money that the life of a subscription does not. */
export async function liveMoneyLife(rig: Rig, catalog: Catalog): Promise<void> {
  await closeInvoices(rig, catalog);
  await discountSubscription(rig, catalog);
  await writeInvoices(rig, catalog);
  await giveDiscounts(rig);
  await keepBalances(rig);
  await makePayments(rig);
  await creditInvoices(rig);
  await rig.sandbox.settled();
}

/** Lets renewals fail, and finalises, pays, voids, forgives and sends their invoices. */
async function closeInvoices(rig: Rig, { product }: Catalog): Promise<void> {
  const { stripe } = rig;
  const customer = await stripe.customers.create({ email: "debtor@example.com" });
  const price = await stripe.prices.create({
    product: product.id,
    currency: "usd",
    unit_amount: 1900,
    recurring: { interval: "month" },
  });
  const { id } = await subscribe(rig, { customer, price }, FAILS_LATER);
  await rig.advance({ advanceDays: 32 });
  const { data } = await stripe.invoices.list({ subscription: id, status: "open" });
  const open = String(data[0]?.id);
  await stripe.invoices.sendInvoice(open);
  await stripe.invoices.markUncollectible(open);
  await stripe.invoices.voidInvoice(open);
  await rig.advance({ to: new Date(await renewalOf(rig, id)).toISOString() });
  const { data: drafts } = await stripe.invoices.list({ subscription: id, status: "draft" });
  const draft = String(drafts[0]?.id);
  await stripe.invoices.finalizeInvoice(draft);
  await stripe.invoices.pay(draft, { paid_out_of_band: true });
}

async function renewalOf({ stripe }: Rig, id: string): Promise<number> {
  const { items } = await stripe.subscriptions.retrieve(id);
  return Number(items.data[0]?.current_period_end) * 1000;
}

/** Writes invoices by hand, with items, taxes and discounts, and edits and deletes drafts. */
async function writeInvoices({ stripe }: Rig, { product }: Catalog): Promise<void> {
  const { id: customer } = await stripe.customers.create({
    email: "by-hand@example.com",
    address: { country: "DE" },
  });
  const rate = await stripe.taxRates.create({
    display_name: "VAT",
    inclusive: false,
    percentage: 19.5,
    country: "DE",
  });
  await stripe.taxRates.update(rate.id, { description: "German VAT" });
  await stripe.taxRates.retrieve(rate.id);
  await stripe.taxRates.list({ active: true });
  const price = await stripe.prices.create({
    product: product.id,
    currency: "usd",
    unit_amount: 500,
  });
  const item = await stripe.invoiceItems.create({
    customer,
    pricing: { price: price.id },
    quantity: 3,
    tax_rates: [rate.id],
  });
  await stripe.invoiceItems.update(item.id, { quantity: 4, description: "Four of them" });
  await stripe.invoiceItems.retrieve(item.id);
  await stripe.invoiceItems.list({ customer, pending: true });
  const draft = await stripe.invoices.create({
    customer,
    collection_method: "send_invoice",
    days_until_due: 30,
    pending_invoice_items_behavior: "include",
    automatic_tax: { enabled: true },
  });
  const more = await stripe.invoiceItems.create({
    customer,
    invoice: draft.id,
    amount: 700,
    currency: "usd",
  });
  await stripe.invoices.update(draft.id, { description: "By hand", metadata: { by: "hand" } });
  await stripe.invoiceItems.del(more.id);
  const unwanted = await stripe.invoices.create({ customer });
  await stripe.invoices.del(unwanted.id);
}

/** Makes, redeems and takes back coupons and promotion codes. */
async function giveDiscounts(rig: Rig): Promise<void> {
  const { stripe } = rig;
  const { id: customer } = await stripe.customers.create({ email: "saver@example.com" });
  const coupon = await stripe.coupons.create({
    percent_off: 12.5,
    duration: "repeating",
    duration_in_months: 3,
    name: "Launch",
  });
  await stripe.coupons.create({
    amount_off: 500,
    currency: "usd",
    duration: "forever",
    max_redemptions: 9,
    currency_options: { eur: { amount_off: 450 } },
  });
  await stripe.coupons.update(coupon.id, { name: "Launch week" });
  await stripe.coupons.retrieve(coupon.id, { expand: ["applies_to", "currency_options"] });
  await stripe.coupons.list();
  const code = await stripe.promotionCodes.create({
    promotion: { type: "coupon", coupon: coupon.id },
    code: "LAUNCH",
    restrictions: { first_time_transaction: true },
  });
  await stripe.promotionCodes.update(code.id, { metadata: { by: "test" } });
  await stripe.promotionCodes.retrieve(code.id, { expand: ["promotion.coupon"] });
  await stripe.promotionCodes.list({ code: "launch" });
  const draft = await stripe.invoices.create({
    customer,
    currency: "usd",
    discounts: [{ promotion_code: code.id }],
  });
  await stripe.invoiceItems.create({ customer, invoice: draft.id, amount: 1999, currency: "usd" });
  await stripe.invoices.finalizeInvoice(draft.id, {
    expand: ["discounts", "discounts.source.coupon"],
  });
  await rig.control("POST", `/customers/${customer}/discount`, { coupon: coupon.id });
  await stripe.customers.deleteDiscount(customer);
  await stripe.coupons.del(coupon.id);
}

/** Changes customers' balances and tax ids. */
async function keepBalances({ stripe }: Rig): Promise<void> {
  const { id } = await stripe.customers.create({ email: "balanced@example.com" });
  const transaction = await stripe.customers.createBalanceTransaction(id, {
    amount: -2500,
    currency: "usd",
    description: "Sorry",
  });
  await stripe.customers.updateBalanceTransaction(id, transaction.id, { metadata: { a: "b" } });
  await stripe.customers.retrieveBalanceTransaction(id, transaction.id);
  await stripe.customers.listBalanceTransactions(id);
  const taxId = await stripe.customers.createTaxId(id, { type: "eu_vat", value: "DE123456789" });
  await stripe.customers.retrieveTaxId(id, taxId.id);
  await stripe.customers.listTaxIds(id);
  await stripe.taxIds.list({ owner: { type: "customer", customer: id } });
  await stripe.customers.deleteTaxId(id, taxId.id);
}

/** Makes, captures and cancels payments; has them refunded, disputed and suspected. */
async function makePayments(rig: Rig): Promise<void> {
  const { stripe } = rig;
  const paid = await stripe.paymentIntents.create({
    amount: 2000,
    currency: "usd",
    payment_method: "pm_card_visa",
    confirm: true,
    off_session: true,
  });
  const charge = String(paid.latest_charge);
  await stripe.charges.update(charge, { metadata: { order: "1" } });
  await stripe.charges.list({ payment_intent: paid.id });
  const refund = await stripe.refunds.create({ charge, amount: 500 });
  await stripe.refunds.update(refund.id, { metadata: { why: "half" } });
  const held = await stripe.paymentIntents.create({
    amount: 3000,
    currency: "usd",
    capture_method: "manual",
  });
  await stripe.paymentIntents.update(held.id, { description: "Held" });
  await stripe.paymentIntents.confirm(held.id, { payment_method: "pm_card_visa" });
  await stripe.paymentIntents.capture(held.id, { amount_to_capture: 2500 });
  const late = await stripe.paymentIntents.create({
    amount: 3000,
    currency: "usd",
    capture_method: "manual",
    confirm: true,
    payment_method: "pm_card_visa",
  });
  await stripe.charges.capture(String(late.latest_charge));
  const unwanted = await stripe.paymentIntents.create({ amount: 4000, currency: "usd" });
  await stripe.paymentIntents.cancel(unwanted.id);
  await stripe.paymentIntents.list();
  await rig.control("POST", `/payments/${held.id}/fraud_warning`, {});
  const { data: warnings } = await stripe.radar.earlyFraudWarnings.list();
  await stripe.radar.earlyFraudWarnings.retrieve(String(warnings[0]?.id));
  await rig.control("POST", `/payments/${held.id}/dispute`, { reason: "duplicate" });
  const { data: disputes } = await stripe.disputes.list({ payment_intent: held.id });
  const dispute = String(disputes[0]?.id);
  await stripe.disputes.update(dispute, { evidence: { customer_name: "Ada" }, submit: false });
  await stripe.disputes.close(dispute);
  const { data: books } = await stripe.balanceTransactions.list();
  await stripe.balanceTransactions.retrieve(String(books[0]?.id));
  await stripe.balance.retrieve();
}

/** Credits an invoice before it is paid, and takes the credit back. */
async function creditInvoices({ stripe }: Rig): Promise<void> {
  const { id: customer } = await stripe.customers.create({ email: "credited@example.com" });
  const draft = await stripe.invoices.create({ customer, currency: "usd" });
  await stripe.invoiceItems.create({ customer, invoice: draft.id, amount: 900, currency: "usd" });
  const { lines } = await stripe.invoices.finalizeInvoice(draft.id);
  const invoice = { invoice: draft.id };
  await stripe.creditNotes.preview({ ...invoice, amount: 100 });
  const note = await stripe.creditNotes.create({
    ...invoice,
    lines: [
      { type: "invoice_line_item", invoice_line_item: String(lines.data[0]?.id), amount: 90 },
    ],
  });
  await stripe.creditNotes.update(note.id, { memo: "Sorry" });
  await stripe.creditNotes.retrieve(note.id);
  await stripe.creditNotes.listLineItems(note.id);
  await stripe.creditNotes.list({ customer });
  await stripe.creditNotes.voidCreditNote(note.id);
}

/** Has a subscription discounted, and takes that back. */
async function discountSubscription({ stripe }: Rig, { product }: Catalog): Promise<void> {
  const customer = await stripe.customers.create({
    payment_method: "pm_card_visa",
    invoice_settings: { default_payment_method: "pm_card_visa" },
  });
  const price = await stripe.prices.create({
    product: product.id,
    currency: "usd",
    unit_amount: 2900,
    recurring: { interval: "month" },
  });
  const { id: coupon } = await stripe.coupons.create({ percent_off: 30, duration: "forever" });
  const { id } = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    discounts: [{ coupon }],
    expand: ["discounts", "latest_invoice.discounts"],
  });
  await stripe.subscriptions.deleteDiscount(id);
  await stripe.subscriptions.cancel(id);
}
