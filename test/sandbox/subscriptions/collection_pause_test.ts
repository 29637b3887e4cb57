import { expect } from "chai";
import type { Stripe } from "stripe";
import { refusal, stopRigs } from "../rig.ts";
import { latestOf, type Subscriber, subscriber, told, toldTypes } from "./subscriber.ts";

async function paused(
  pause_collection: Stripe.SubscriptionUpdateParams.PauseCollection,
): Promise<Subscriber & { id: string }> {
  const found = await subscriber();
  const { id } = await found.stripe.subscriptions.create({
    customer: found.owner,
    items: [{ price: found.price.id }],
  });
  await found.stripe.subscriptions.update(id, { pause_collection });
  await told(found);
  return { ...found, id };
}

// docs.stripe.com/billing/subscriptions/pause-payment
describe("pause_collection in the sandbox", () => {
  afterEach(stopRigs);

  it("void: invoices are voided at once, the balance is not used, the status stays", async () => {
    const it = await paused({ behavior: "void" });
    const credited = await it.stripe.subscriptions.create({
      customer: it.owner,
      items: [{ price: it.business.id }],
    });
    await it.stripe.subscriptions.update(credited.id, {
      items: [{ id: String(credited.items.data[0]?.id), price: it.price.id }],
      proration_behavior: "always_invoice",
      cancel_at: "min_period_end",
    });
    await told(it);
    await it.rig.advance({ to: "2026-02-28T10:00:00Z" });
    expect(await it.stripe.subscriptions.retrieve(it.id)).to.include({ status: "active" });
    expect(await latestOf(it, it)).to.include({ status: "void", amount_due: 4900 });
    const types = await toldTypes(it);
    expect(types.slice(0, 2)).to.deep.equal(["customer.subscription.updated", "invoice.created"]);
    expect(types).to.include("invoice.voided");
    expect(types).to.not.include("customer.updated");
    const customer = await it.stripe.customers.retrieve(it.owner);
    expect(customer).to.include({ balance: -5000 });
  });

  it("keep_as_draft: invoices stay drafts, after the pause, too", async () => {
    const it = await paused({ behavior: "keep_as_draft" });
    await it.rig.advance({ to: "2026-03-01T10:00:00Z" });
    expect(await latestOf(it, it)).to.include({ status: "draft", auto_advance: false });
    const { latest_invoice: kept } = await it.stripe.subscriptions.retrieve(it.id);
    const resumed = await it.stripe.subscriptions.update(it.id, { pause_collection: "" });
    expect(resumed.pause_collection).to.equal(null);
    await it.rig.advance({ to: "2026-03-31T12:00:00Z" });
    expect((await it.stripe.invoices.retrieve(String(kept))).status).to.equal("draft");
    expect(await latestOf(it, it)).to.include({ status: "paid" });
  });

  it("mark_uncollectible: invoices are given up at once", async () => {
    const it = await paused({ behavior: "mark_uncollectible" });
    await it.rig.advance({ to: "2026-02-28T10:00:00Z" });
    const invoice = await latestOf(it, it);
    expect(invoice).to.include({ status: "uncollectible" });
    expect(invoice.status_details?.uncollectible?.reason).to.equal("subscription_paused");
  });

  it("ends by itself at resumes_at", async () => {
    const resumes_at = Date.parse("2026-03-15T00:00:00Z") / 1000;
    const it = await paused({ behavior: "void", resumes_at });
    await it.rig.advance({ to: "2026-03-14T00:00:00Z" });
    await told(it);
    await it.rig.advance({ to: "2026-03-15T00:00:00Z" });
    const [event] = await told(it);
    expect(event?.type).to.equal("customer.subscription.updated");
    expect(event?.data.previous_attributes).to.deep.equal({
      pause_collection: { behavior: "void", resumes_at },
    });
    const past = { pause_collection: { behavior: "void", resumes_at } } as const;
    const refused = await refusal(it.stripe.subscriptions.update(it.id, past));
    expect(refused.param).to.equal("pause_collection[resumes_at]");
  });
});
