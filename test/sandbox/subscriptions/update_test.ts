import { expect } from "chai";
import type { Stripe } from "stripe";
import { refusal, stopRigs } from "../rig.ts";
import {
  day,
  latestOf,
  linesOf,
  payWith,
  type Subscriber,
  subscriber,
  told,
  toldTypes,
} from "./subscriber.ts";

const DAY = 86_400;
const MIDDLE = "2026-02-14T10:00:00Z";

interface Subscribed extends Subscriber {
  sub: Stripe.Subscription;
  item: string;
  update(params: Stripe.SubscriptionUpdateParams): Promise<Stripe.Subscription>;
}

async function subscribed(
  params: Partial<Stripe.SubscriptionCreateParams> = {},
): Promise<Subscribed> {
  const found = await subscriber();
  const { stripe, owner, price } = found;
  const items = [{ price: price.id }];
  const sub = await stripe.subscriptions.create({ customer: owner, items, ...params });
  await found.rig.advance({ to: MIDDLE });
  await told(found);
  const update = (changes: Stripe.SubscriptionUpdateParams) =>
    stripe.subscriptions.update(sub.id, changes);
  return { ...found, sub, item: String(sub.items.data[0]?.id), update };
}

function creditedBy(invoice: Stripe.Invoice) {
  return invoice.lines.data.map(
    ({ parent }) => parent?.subscription_item_details?.proration_details?.credited_items ?? null,
  );
}

// docs.stripe.com/api/subscriptions/update unless a title says otherwise.
describe("POST /v1/subscriptions/:id of the sandbox", () => {
  afterEach(stopRigs);

  it("adds, changes and deletes items at once, each prorated", async () => {
    const it = await subscribed();
    const updated = await it.update({
      items: [{ id: it.item, quantity: 3 }, { price: it.business.id }],
      proration_behavior: "always_invoice",
    });
    expect(updated.items.data.map(({ quantity }) => quantity)).to.deep.equal([3, 1]);
    expect(updated).to.include({ quantity: null, plan: null });
    const invoice = await latestOf(it, it.sub);
    expect(linesOf(invoice).map(({ amount, description }) => [amount, description])).to.deep.equal([
      [-2450, "Unused time on Pro after 14 Feb 2026"],
      [7350, "Remaining time on 3 × Pro after 14 Feb 2026"],
      [4950, "Remaining time on Pro after 14 Feb 2026"],
    ]);
    const left = await it.update({
      items: [{ id: String(updated.items.data[1]?.id), deleted: true }],
      proration_behavior: "always_invoice",
    });
    expect(left.items.data.map(({ id }) => id)).to.deep.equal([it.item]);
    const credit = await latestOf(it, it.sub);
    expect(credit).to.include({ total: -4950, billing_reason: "subscription_update" });
    expect(creditedBy(credit)).to.deep.equal([
      { invoice: invoice.id, invoice_line_items: [invoice.lines.data[2]?.id] },
    ]);
    const none = await refusal(it.update({ items: [{ id: it.item, deleted: true }] }));
    expect(none).to.include({ statusCode: 400, param: "items" });
  });

  it("credits what was billed last, line by line (billing/subscriptions/billing-mode/compare)", async () => {
    const it = await subscribed();
    const first = await latestOf(it, it.sub);
    await it.update({
      items: [{ id: it.item, price: it.business.id }],
      proration_behavior: "always_invoice",
    });
    const second = await latestOf(it, it.sub);
    await it.rig.advance({ advanceDays: 7 });
    await it.update({
      items: [{ id: it.item, price: it.price.id }],
      proration_behavior: "always_invoice",
    });
    const third = await latestOf(it, it.sub);
    expect(creditedBy(second)[0]).to.deep.equal({
      invoice: first.id,
      invoice_line_items: [first.lines.data[0]?.id],
    });
    expect(creditedBy(third)[0]).to.deep.equal({
      invoice: second.id,
      invoice_line_items: [second.lines.data[1]?.id],
    });
    expect(linesOf(third).map(({ amount }) => amount)).to.deep.equal([-2475, 1225]);
  });

  it("credits the old price after a change without prorations, in flexible billing mode", async () => {
    const it = await subscribed();
    await it.update({
      items: [{ id: it.item, price: it.business.id }],
      proration_behavior: "none",
    });
    await it.update({
      items: [{ id: it.item, quantity: 2 }],
      proration_behavior: "always_invoice",
    });
    expect(linesOf(await latestOf(it, it.sub)).map(({ amount }) => amount)).to.deep.equal([
      -2450, 9900,
    ]);
    const classic = await subscribed({ billing_mode: { type: "classic" } });
    const { items } = await classic.update({
      items: [{ id: classic.item, price: classic.business.id }],
      proration_behavior: "none",
    });
    await classic.update({
      items: [{ id: String(items.data[0]?.id), quantity: 2 }],
      proration_behavior: "always_invoice",
    });
    const lines = linesOf(await latestOf(classic, classic.sub));
    expect(lines.map(({ amount }) => amount)).to.deep.equal([-4950, 9900]);
  });

  it("names a pending debit's line on the same invoice, or nothing (creditedPending)", async () => {
    for (const way of ["absent", "own_invoice"]) {
      const it = await subscribed();
      await it.rig.control("POST", "/assumptions", { creditedPending: way });
      await it.update({ items: [{ id: it.item, price: it.business.id }] });
      await it.update({
        items: [{ id: it.item, quantity: 2 }],
        proration_behavior: "always_invoice",
      });
      const invoice = await latestOf(it, it.sub);
      const amounts = linesOf(invoice).map(({ amount }) => amount);
      expect(amounts).to.deep.equal([-2450, 4950, -4950, 9900]);
      const own = { invoice: invoice.id, invoice_line_items: [invoice.lines.data[1]?.id] };
      expect(creditedBy(invoice)[2]).to.deep.equal(way === "absent" ? null : own);
    }
  });

  it("begins a new period of every item with billing_cycle_anchor now", async () => {
    const it = await subscribed();
    const updated = await it.update({
      billing_cycle_anchor: { type: "now" },
      proration_behavior: "create_prorations",
    });
    expect(day(updated.billing_cycle_anchor)).to.equal("2026-02-14");
    expect(day(updated.items.data[0]?.current_period_end)).to.equal("2026-03-14");
    expect(linesOf(await latestOf(it, it.sub)).map(({ amount }) => amount)).to.deep.equal([
      -2450, 4900,
    ]);
    expect((await toldTypes(it)).slice(0, 2)).to.deep.equal([
      "customer.subscription.updated",
      "invoice.created",
    ]);
  });

  it("puts a trial before what was paid, extends it and ends it", async () => {
    const it = await subscribed();
    const end = Date.parse("2026-02-20T10:00:00Z") / 1000;
    const trialing = await it.update({ trial_end: end });
    expect(trialing).to.include({ status: "trialing", trial_end: end, billing_cycle_anchor: end });
    expect(await latestOf(it, it.sub)).to.include({ total: -2450 });
    const longer = await it.update({ trial_end: end + 5 * DAY, proration_behavior: "none" });
    expect(longer.items.data[0]?.current_period_end).to.equal(end + 5 * DAY);
    const ended = await it.update({ trial_end: "now" });
    expect(ended).to.include({ status: "active" });
    expect(await latestOf(it, it.sub)).to.include({ total: 4900 });
    expect(await refusal(it.update({ trial_end: 1 }))).to.include({ param: "trial_end" });
  });

  it("makes it past due with default_incomplete, and refuses with error_if_incomplete", async () => {
    const it = await subscribed();
    const items = [{ id: it.item, price: it.business.id }];
    const dear = { items, proration_behavior: "always_invoice" } as const;
    await payWith(it, "pm_card_chargeCustomerFail");
    const error = await refusal(it.update({ ...dear, payment_behavior: "error_if_incomplete" }));
    expect(error).to.include({ statusCode: 402, code: "card_declined" });
    const same = await it.stripe.subscriptions.retrieve(it.sub.id);
    expect(same.items.data[0]?.price.id).to.equal(it.price.id);
    await told(it);
    const updated = await it.update({ ...dear, payment_behavior: "default_incomplete" });
    expect(updated).to.include({ status: "past_due" });
    expect(await latestOf(it, it.sub)).to.include({ status: "open", attempted: false });
  });

  it("waits for the payment with pending_if_incomplete, then applies (billing/subscriptions/pending-updates)", async () => {
    const it = await subscribed();
    await payWith(it, "pm_card_chargeCustomerFail");
    await told(it);
    const updated = await it.update({
      items: [{ id: it.item, price: it.business.id }],
      proration_behavior: "always_invoice",
      payment_behavior: "pending_if_incomplete",
    });
    expect(updated.status).to.equal("active");
    expect(updated.items.data[0]?.price.id).to.equal(it.price.id);
    const { pending_update: pending } = updated;
    expect(pending?.expires_at).to.equal(Date.parse(MIDDLE) / 1000 + 23 * 3600);
    expect(pending?.subscription_items?.[0]?.price.id).to.equal(it.business.id);
    const invoice = await latestOf(it, it.sub);
    expect(invoice).to.include({ status: "open", total: 2500, next_payment_attempt: null });
    await told(it);
    const good = await payWith(it, "pm_card_visa");
    await it.stripe.invoices.pay(String(invoice.id), { payment_method: good });
    const applied = await it.stripe.subscriptions.retrieve(it.sub.id);
    expect(applied.items.data[0]?.price.id).to.equal(it.business.id);
    expect(applied.pending_update).to.equal(null);
    expect((await toldTypes(it)).slice(-2)).to.deep.equal([
      "customer.subscription.updated",
      "customer.subscription.pending_update_applied",
    ]);
  });

  it("forgets a pending update after 23 hours, or when its invoice is voided", async () => {
    for (const ends of ["expires", "void"]) {
      const it = await subscribed();
      await payWith(it, "pm_card_chargeCustomerFail");
      await it.update({
        items: [{ id: it.item, price: it.business.id }],
        proration_behavior: "always_invoice",
        payment_behavior: "pending_if_incomplete",
      });
      const invoice = await latestOf(it, it.sub);
      await told(it);
      if (ends === "void") {
        await it.stripe.invoices.voidInvoice(String(invoice.id));
      } else {
        await it.rig.advance({ advanceHours: 23 });
      }
      const types = await toldTypes(it);
      const expired = "customer.subscription.pending_update_expired";
      expect(types.includes(expired)).to.equal(ends === "expires");
      const kept = await it.stripe.subscriptions.retrieve(it.sub.id);
      expect(kept).to.include({ status: "active", pending_update: null });
      expect(kept.items.data[0]?.price.id).to.equal(it.price.id);
      expect((await it.stripe.invoices.retrieve(String(invoice.id))).status).to.equal("void");
    }
  });

  it("takes only what can wait with pending_if_incomplete (billing/pending-updates-reference)", async () => {
    const it = await subscribed();
    const refused = await refusal(
      it.update({ description: "x", payment_behavior: "pending_if_incomplete" }),
    );
    expect(refused).to.include({ statusCode: 400, param: "description" });
  });

  it("puts add_invoice_items onto the next invoice", async () => {
    const it = await subscribed();
    await it.update({
      add_invoice_items: [{ price: it.once.id }],
      proration_behavior: "always_invoice",
    });
    await it.rig.advance({ to: "2026-02-28T12:00:00Z" });
    expect(linesOf(await latestOf(it, it.sub)).map(({ amount }) => amount)).to.deep.equal([
      2000, 4900,
    ]);
  });

  it("switches to sent invoices and back", async () => {
    const it = await subscribed();
    const sent = await it.update({ collection_method: "send_invoice", days_until_due: 14 });
    expect(sent).to.include({ collection_method: "send_invoice", days_until_due: 14 });
    await it.rig.advance({ to: "2026-02-28T12:00:00Z" });
    const invoice = await latestOf(it, it.sub);
    expect(invoice).to.include({ status: "open", collection_method: "send_invoice" });
    await it.rig.advance({ advanceDays: 15 });
    const late = await it.stripe.subscriptions.retrieve(it.sub.id);
    expect(late.status).to.equal("past_due");
    const charged = await it.update({ collection_method: "charge_automatically" });
    expect(charged).to.include({ days_until_due: null });
  });

  it("tells of everything in one event with previous_attributes", async () => {
    const it = await subscribed();
    await it.update({
      items: [{ id: it.item, price: it.business.id }],
      metadata: { a: "b" },
      description: "Dearer",
      proration_behavior: "none",
    });
    const [event, ...more] = await told(it);
    expect(more).to.deep.equal([]);
    expect(event?.data.previous_attributes).to.have.all.keys(
      "description",
      "items",
      "metadata",
      "plan",
    );
  });

  it("refuses what Stripe refuses", async () => {
    const it = await subscribed();
    const second = await it.update({ items: [{ price: it.business.id }] });
    expect(second.items.data).to.have.length(2);
    const twice = await refusal(it.update({ items: [{ price: it.business.id }] }));
    expect(twice.message).to.include("Cannot add multiple subscription items");
    const classic = await subscribed({ billing_mode: { type: "classic" } });
    const mixed = await refusal(classic.update({ items: [{ price: classic.yearly.id }] }));
    expect(mixed.message).to.include("interval field");
    const waiting = await subscriber(null);
    const { id } = await waiting.stripe.subscriptions.create({
      customer: waiting.owner,
      items: [{ price: waiting.price.id }],
      payment_behavior: "default_incomplete",
    });
    const incomplete = await refusal(
      waiting.stripe.subscriptions.update(id, { description: "no" }),
    );
    expect(incomplete.message).to.include("`incomplete`");
  });
});
