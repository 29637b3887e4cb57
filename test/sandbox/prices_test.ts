import { expect } from "chai";
import type { Stripe } from "stripe";
import { eventsOf } from "./plans.ts";
import { refusal, startRig, stopRigs } from "./rig.ts";

type NewPrice = Partial<Stripe.PriceCreateParams>;

// docs.stripe.com/currencies; docs.stripe.com/api/prices/create; stripe-node PriceCreateParams.
describe("sandbox prices", () => {
  afterEach(stopRigs);

  async function creating() {
    const { stripe } = await startRig();
    const product = (await stripe.products.create({ name: "Pro" })).id;
    const create = (params: NewPrice) =>
      stripe.prices.create({ product, currency: "usd", ...params });
    return { stripe, product, create };
  }

  it("have a currency that Stripe charges in, and an amount that it has", async () => {
    const { create } = await creating();
    for (const [params, param] of [
      [{ currency: "xxx", unit_amount: 100 }, "currency"],
      [{ currency: "kwd", unit_amount: 1001 }, "unit_amount"],
      [{ unit_amount: -1 }, "unit_amount"],
      [{ unit_amount: 100_000_000 }, "unit_amount"],
      [{ currency: "idr", unit_amount: 1_000_000_000_000 }, "unit_amount"],
      [{}, "unit_amount"],
      [{ unit_amount: 1, currency_options: { xxx: { unit_amount: 1 } } }, "currency_options[xxx]"],
    ] as const) {
      const refused = await refusal(create(params));
      expect(refused, JSON.stringify(params)).to.include({ statusCode: 400, param });
    }
    expect((await create({ currency: "KWD", unit_amount: 1010 })).currency).to.equal("kwd");
    expect((await create({ currency: "idr", unit_amount: 100_000_000 })).unit_amount).to.equal(1e8);
    expect((await create({ currency: "jpy", unit_amount: 500 })).unit_amount).to.equal(500);
    expect((await create({ unit_amount: 0 })).unit_amount).to.equal(0);
  });

  it("recur every three years at most", async () => {
    const { create } = await creating();
    const every = (interval: "day" | "week" | "month" | "year", interval_count: number) =>
      create({ unit_amount: 100, recurring: { interval, interval_count } });
    for (const [interval, most] of [
      ["day", 1095],
      ["week", 156],
      ["month", 36],
      ["year", 3],
    ] as const) {
      expect((await every(interval, most)).recurring?.interval_count).to.equal(most);
      const refused = await refusal(every(interval, most + 1));
      expect(refused).to.include({ statusCode: 400, param: "recurring[interval_count]" });
    }
  });

  it("take one of parameters that exclude each other", async () => {
    const { create, stripe } = await creating();
    for (const params of [
      { unit_amount: 1, product_data: { name: "Another" } },
      { unit_amount: 1, tiers_mode: "graduated" },
      { billing_scheme: "tiered", unit_amount: 1 },
      { billing_scheme: "tiered", tiers_mode: "volume" },
      { billing_scheme: "tiered", tiers_mode: "volume", tiers: [{ up_to: 5, unit_amount: 1 }] },
      { unit_amount: 1, lookup_key: "k".repeat(201) },
      { unit_amount: 1, recurring: { interval: "month", usage_type: "metered" } },
      { unit_amount: 1, recurring: { interval: "month", meter: "mtr_1" } },
      { unit_amount: 1, recurring: { interval: "month", usage_type: "metered", meter: "mtr_1" } },
    ] as NewPrice[]) {
      const refused = await refusal(create(params));
      expect(refused.statusCode, JSON.stringify(params)).to.equal(400);
    }
    const none = await refusal(stripe.prices.create({ currency: "usd", unit_amount: 1 }));
    expect(none).to.include({ code: "parameter_missing", param: "product" });
  });

  it("show further currencies and tiers on request only", async () => {
    const { create, stripe } = await creating();
    const { id } = await create({
      unit_amount: 1000,
      currency_options: { eur: { unit_amount: 900, tax_behavior: "inclusive" } },
    });
    expect(await stripe.prices.retrieve(id)).to.not.have.property("currency_options");
    const shown = await stripe.prices.retrieve(id, { expand: ["currency_options"] });
    expect(shown.currency_options?.eur).to.include({ unit_amount: 900, tax_behavior: "inclusive" });
    expect(shown.currency_options?.usd).to.include({ unit_amount: 1000 });
    await stripe.prices.update(id, { currency_options: { gbp: { unit_amount: 800 } } });
    const { data } = await stripe.prices.list({ expand: ["data.currency_options"] });
    expect(Object.keys(data[0]?.currency_options ?? {})).to.have.members(["usd", "eur", "gbp"]);
    const tiered = await create({
      billing_scheme: "tiered",
      tiers_mode: "graduated",
      tiers: [
        { up_to: 10, unit_amount: 100 },
        { up_to: "inf", unit_amount: 50, flat_amount: 500 },
      ],
      recurring: { interval: "month" },
    });
    expect(tiered).to.include({ unit_amount: null, tiers_mode: "graduated" });
    const { tiers } = await stripe.prices.retrieve(tiered.id, { expand: ["tiers"] });
    expect(tiers?.map(({ up_to: bound }) => bound)).to.deep.equal([10, null]);
    expect(tiers?.[1]).to.include({ unit_amount: 50, flat_amount: 500 });
  });

  it("in tiers are sold by nothing, which every call says", async () => {
    const { create, stripe } = await creating();
    const scheme: NewPrice = {
      billing_scheme: "tiered",
      tiers_mode: "volume",
      tiers: [{ up_to: "inf", unit_amount: 1 }],
    };
    const { id: price } = await create({ ...scheme, recurring: { interval: "month" } });
    const { id: once } = await create(scheme);
    const { id: customer } = await stripe.customers.create({});
    const items = [{ price }];
    const success_url = "https://shop.example.com/done";
    for (const call of [
      stripe.subscriptions.create({ customer, items }),
      stripe.subscriptionSchedules.create({ customer, start_date: "now", phases: [{ items }] }),
      stripe.checkout.sessions.create({ mode: "subscription", line_items: items, success_url }),
      stripe.invoiceItems.create({ customer, pricing: { price: once } }),
      stripe.invoices.createPreview({ customer, subscription_details: { items } }),
    ]) {
      expect((await refusal(call)).message).to.equal("The sandbox does not bill tiered prices.");
    }
  });

  it("keep their tax behavior once it is said, and their product's default", async () => {
    const { create, stripe, product } = await creating();
    const { id } = await create({ unit_amount: 1 });
    await stripe.prices.update(id, { tax_behavior: "exclusive" });
    const changed = await refusal(stripe.prices.update(id, { tax_behavior: "inclusive" }));
    expect(changed.param).to.equal("tax_behavior");
    await stripe.products.update(product, { default_price: id });
    expect((await refusal(stripe.prices.update(id, { active: false }))).param).to.equal("active");
    await stripe.products.update(product, { default_price: "" });
    expect((await stripe.prices.update(id, { active: false })).active).to.equal(false);
  });

  it("have a fraction of a minor unit, if that is said", async () => {
    const { create } = await creating();
    const half = await create({ unit_amount_decimal: "0.50" as unknown as Stripe.Decimal });
    expect(half.unit_amount).to.equal(null);
    expect(String(half.unit_amount_decimal)).to.equal("0.5");
    const whole = await create({ unit_amount_decimal: "12" as unknown as Stripe.Decimal });
    expect(whole.unit_amount).to.equal(12);
  });
});

describe("sandbox products", () => {
  afterEach(stopRigs);

  it("come with a default price", async () => {
    const rig = await startRig();
    const events = await eventsOf(rig, () =>
      rig.stripe.products.create({
        name: "Pro",
        shippable: false,
        default_price_data: { currency: "usd", unit_amount: 900, recurring: { interval: "month" } },
      }),
    );
    expect(events).to.deep.equal(["product.created", "price.created", "product.updated"]);
    const { data } = await rig.stripe.products.list({ expand: ["data.default_price"] });
    expect(data[0]?.default_price).to.include({ unit_amount: 900 });
  });

  it("are deleted where they have no price", async () => {
    const rig = await startRig();
    const { stripe } = rig;
    const { id } = await stripe.products.create({ name: "Pro" });
    const events = await eventsOf(rig, () => stripe.products.del(id));
    expect(events).to.deep.equal(["product.deleted"]);
    expect((await refusal(stripe.products.retrieve(id))).code).to.equal("resource_missing");
    const sold = await stripe.products.create({ name: "Sold" });
    await stripe.prices.create({ product: sold.id, currency: "usd", unit_amount: 1 });
    const refused = await refusal(stripe.products.del(sold.id));
    expect(refused.message).to.contain("user-created prices");
  });

  it("have the lengths that Stripe allows", async () => {
    const { stripe } = await startRig();
    for (const [params, param] of [
      [{ name: "n".repeat(5001) }, "name"],
      [{ name: "Pro", unit_label: "u".repeat(13) }, "unit_label"],
      [{ name: "Pro", statement_descriptor: "s".repeat(23) }, "statement_descriptor"],
    ] as const) {
      expect((await refusal(stripe.products.create(params))).param).to.equal(param);
    }
  });
});

// docs.stripe.com/billing/subscriptions/usage-based; stripe-node Billing.Meter, MeterEvent.
describe("sandbox meters", () => {
  afterEach(stopRigs);

  it("add up what customers use", async () => {
    const rig = await startRig();
    const { stripe } = rig;
    let meter: Stripe.Billing.Meter | undefined;
    const made = await eventsOf(rig, async () => {
      meter = await stripe.billing.meters.create({
        display_name: "Tokens",
        event_name: "tokens",
        default_aggregation: { formula: "sum" },
      });
    });
    expect(made).to.deep.equal(["billing.meter.created"]);
    const { id: customer } = await stripe.customers.create({});
    const use = (value: string, identifier: string) =>
      stripe.billing.meterEvents.create({
        event_name: "tokens",
        identifier,
        payload: { stripe_customer_id: customer, value },
      });
    await use("3", "one");
    await use("4", "two");
    expect((await refusal(use("4", "two"))).param).to.equal("identifier");
    expect((await refusal(use("many", "three"))).param).to.equal("payload");
    const start_time = Date.parse("2026-01-31T10:00:00Z") / 1000;
    const { data } = await stripe.billing.meters.listEventSummaries(String(meter?.id), {
      customer,
      start_time,
      end_time: start_time + 7200,
      value_grouping_window: "hour",
    });
    expect(data.map(({ aggregated_value: value }) => value)).to.deep.equal([0, 7]);
    const old = stripe.billing.meterEvents.create({
      event_name: "tokens",
      timestamp: start_time - 36 * 86_400,
      payload: { stripe_customer_id: customer, value: "1" },
    });
    expect((await refusal(old)).param).to.equal("timestamp");
  });

  it("are switched off and on, and one listens to an event", async () => {
    const rig = await startRig();
    const { meters, meterEvents } = rig.stripe.billing;
    const params = {
      display_name: "Calls",
      event_name: "calls",
      default_aggregation: { formula: "count" },
    } as const;
    const { id } = await meters.create(params);
    expect((await refusal(meters.create(params))).param).to.equal("event_name");
    const events = await eventsOf(rig, async () => {
      await meters.update(id, { display_name: "API calls" });
      await meters.deactivate(id);
      await meters.reactivate(id);
    });
    expect(events).to.deep.equal([
      "billing.meter.updated",
      "billing.meter.deactivated",
      "billing.meter.reactivated",
    ]);
    await meters.deactivate(id);
    expect((await meters.list({ status: "active" })).data).to.deep.equal([]);
    const event = meterEvents.create({ event_name: "calls", payload: { value: "1" } });
    expect((await refusal(event)).code).to.equal("resource_missing");
  });
});
