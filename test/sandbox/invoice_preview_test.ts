import { expect } from "chai";
import { END, eventsOf, latestInvoice, MIDDLE, seconds, subscribed } from "./plans.ts";
import { refusal, stopRigs } from "./rig.ts";

describe("sandbox invoice previews", () => {
  afterEach(stopRigs);

  it("say what a change would charge now, and change nothing", async () => {
    const found = await subscribed();
    const { rig, catalog, subscription, item, business } = found;
    const before = await rig.stripe.subscriptions.retrieve(subscription.id);
    const types = await eventsOf(rig, async () => {
      const preview = await rig.stripe.invoices.createPreview({
        customer: catalog.customer.id,
        subscription: subscription.id,
        subscription_details: {
          items: [{ id: item, price: business.id }],
          proration_behavior: "always_invoice",
          proration_date: seconds(MIDDLE),
        },
      });
      expect(preview.id).to.match(/^upcoming_in_/);
      expect(preview).to.include({
        status: "draft",
        billing_reason: "subscription_update",
        amount_due: 2500,
      });
      expect(preview.lines.data.map(({ amount }) => amount)).to.deep.equal([-2450, 4950]);
    });
    expect(types).to.deep.equal([]);
    expect(await rig.stripe.subscriptions.retrieve(subscription.id)).to.deep.equal(before);
    expect((await rig.stripe.invoices.list()).data).to.have.length(1);
    await rig.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: business.id }],
      proration_behavior: "always_invoice",
    });
    expect((await latestInvoice(found)).amount_due).to.equal(2500);
  });

  it("say what the next renewal charges where nothing is due now", async () => {
    const { rig, subscription, item, starter } = await subscribed();
    const preview = (params: object) =>
      rig.stripe.invoices.createPreview({ subscription: subscription.id, ...params });
    const asItIs = await preview({});
    expect(asItIs).to.include({
      billing_reason: "subscription_cycle",
      amount_due: 4900,
      created: seconds(END),
    });
    const changed = await preview({
      subscription_details: {
        items: [{ id: item, price: starter.id }],
        proration_behavior: "create_prorations",
      },
    });
    expect(changed).to.include({ amount_due: 400, created: seconds(END) });
    expect(changed.lines.data.map(({ amount }) => amount)).to.deep.equal([-2450, 950, 1900]);
    await rig.stripe.subscriptions.cancel(subscription.id);
    expect((await refusal(preview({}))).code).to.equal("invoice_upcoming_none");
  });

  it("say what a new subscription would charge", async () => {
    const { rig, catalog, business } = await subscribed();
    const start = (trial: object) =>
      rig.stripe.invoices.createPreview({
        customer: catalog.customer.id,
        subscription_details: { items: [{ price: business.id }], ...trial },
      });
    expect(await start({})).to.include({ billing_reason: "subscription_create", total: 9900 });
    expect(await start({ trial_end: seconds(END) })).to.include({ total: 0 });
    expect((await rig.stripe.subscriptions.list()).data).to.have.length(1);
  });

  it("say what recurs after a change, whatever waits for the next invoice", async () => {
    const { rig, catalog, subscription, item, business } = await subscribed();
    const customer = catalog.customer.id;
    await rig.stripe.invoiceItems.create({
      customer,
      subscription: subscription.id,
      amount: 700,
      currency: "usd",
    });
    const yearly = await rig.stripe.prices.create({
      product: String(business.product),
      currency: "usd",
      unit_amount: 90_000,
      recurring: { interval: "year" },
    });
    const recurring = (params: object) =>
      rig.stripe.invoices.createPreview({
        customer,
        subscription: subscription.id,
        preview_mode: "recurring",
        ...params,
      });
    const changed = (price: string, quantity = 1) =>
      recurring({ subscription_details: { items: [{ id: item, price, quantity }] } });
    expect((await recurring({})).total).to.equal(4900);
    expect((await changed(business.id)).total).to.equal(9900);
    expect((await changed(yearly.id, 3)).total).to.equal(270_000);
    const trial = await rig.stripe.invoices.createPreview({
      customer,
      preview_mode: "recurring",
      subscription_details: { items: [{ price: business.id }], trial_end: seconds(END) },
    });
    expect(trial.total).to.equal(9900);
    expect(
      (await rig.stripe.subscriptions.retrieve(subscription.id)).items.data[0]?.price.id,
    ).to.not.equal(business.id);
  });
});
