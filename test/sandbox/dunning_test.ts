import { expect } from "chai";
import type { Stripe } from "stripe";
import { submit, visit } from "./browser.ts";
import { payOnPage } from "./hosted_invoice.ts";
import { eventsOf } from "./plans.ts";
import { type Rig, seed, startRig, stopRigs, subscribe } from "./rig.ts";

const FAILS_LATER = "4000000000000341";

/** What Stripe sends for an automatic attempt that is declined. */
const DECLINED = [
  "charge.failed",
  "payment_intent.payment_failed",
  "invoice.updated",
  "invoice.payment_failed",
];

async function typesOf(rig: Rig, move: object): Promise<string[]> {
  rig.receiver.received.length = 0;
  await rig.advance(move);
  await rig.sandbox.settled();
  return rig.receiver.types();
}

async function pastDue(): Promise<{ rig: Rig; id: string; customer: string }> {
  const rig = await startRig();
  const catalog = await seed(rig);
  const { id } = await subscribe(rig, catalog, FAILS_LATER);
  await rig.advance({ to: "2026-02-28T10:00:00Z" });
  await rig.sandbox.settled();
  return { rig, id, customer: catalog.customer.id };
}

/** The customer saves a card that works, in the Customer Portal. */
async function saveGoodCard({ stripe }: Rig, customer: string): Promise<void> {
  await stripe.billingPortal.configurations.create({
    features: { payment_method_update: { enabled: true } },
  });
  const { url } = await stripe.billingPortal.sessions.create({ customer });
  await submit(url, await visit(`${url}/card`), { card: "4242424242424242" });
}

async function latest(rig: Rig, id: string): Promise<[Stripe.Subscription, Stripe.Invoice]> {
  const found = await rig.stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] });
  return [found, found.latest_invoice as Stripe.Invoice];
}

describe("a card that fails at renewal in the sandbox", () => {
  afterEach(stopRigs);

  it("makes the subscription past due and leaves the invoice open", async () => {
    const { rig, id } = await pastDue();
    expect(await typesOf(rig, { advanceHours: 1 })).to.deep.equal([
      "invoice.finalized",
      "payment_intent.created",
      ...DECLINED,
      "customer.updated",
      "customer.subscription.updated",
    ]);
    const [subscription, invoice] = await latest(rig, id);
    expect(subscription.status).to.equal("past_due");
    expect(invoice).to.include({
      status: "open",
      attempted: true,
      attempt_count: 1,
      amount_paid: 0,
      amount_remaining: 4900,
      next_payment_attempt: Date.parse("2026-03-03T11:00:00Z") / 1000,
    });
    const update = rig.receiver.received.at(-1)?.event.data;
    expect(update?.previous_attributes).to.deep.equal({ status: "active" });
  });

  it("is tried again after 3, 5 and 7 days; then the subscription is canceled", async () => {
    const { rig, id } = await pastDue();
    await rig.advance({ advanceHours: 1 });
    await rig.sandbox.settled();
    expect(await typesOf(rig, { advanceDays: 3 })).to.deep.equal(DECLINED);
    expect(await typesOf(rig, { advanceDays: 5 })).to.deep.equal(DECLINED);
    expect(await typesOf(rig, { advanceDays: 6.9 })).to.deep.equal([]);
    expect(await typesOf(rig, { advanceDays: 0.1 })).to.deep.equal([
      ...DECLINED,
      "customer.subscription.deleted",
    ]);
    const [subscription, invoice] = await latest(rig, id);
    expect(subscription.status).to.equal("canceled");
    expect(subscription.cancellation_details?.reason).to.equal("payment_failed");
    expect(invoice).to.include({ status: "open", attempt_count: 4, next_payment_attempt: null });
    expect(await typesOf(rig, { advanceDays: 60 })).to.deep.equal([]);
  });

  it("is not paid by a card that is saved, but on the invoice's page", async () => {
    const { rig, id, customer } = await pastDue();
    await rig.advance({ advanceHours: 1 });
    await saveGoodCard(rig, customer);
    const [owing, open] = await latest(rig, id);
    expect([owing.status, open.status]).to.deep.equal(["past_due", "open"]);
    const caused = await eventsOf(rig, async () => {
      const page = await payOnPage(open);
      expect(page.text).to.contain("Paid").and.to.not.contain("Pay this invoice");
    });
    expect(caused).to.deep.equal([
      "payment_method.attached",
      "invoice.updated",
      "invoice.paid",
      "invoice.payment_succeeded",
      "invoice_payment.paid",
      "payment_intent.succeeded",
      "charge.succeeded",
      "customer.updated",
      "customer.subscription.updated",
    ]);
    const [subscription, invoice] = await latest(rig, id);
    expect([subscription.status, invoice.status]).to.deep.equal(["active", "paid"]);
    expect(await typesOf(rig, { advanceDays: 20 })).to.deep.equal([]);
  });

  it("is paid by the card on file when it is tried again", async () => {
    const { rig, id, customer } = await pastDue();
    await rig.advance({ advanceHours: 1 });
    await saveGoodCard(rig, customer);
    await rig.advance({ advanceDays: 3 });
    const [subscription, invoice] = await latest(rig, id);
    expect(subscription.status).to.equal("active");
    expect(invoice).to.include({ status: "paid", attempt_count: 2 });
  });
});
