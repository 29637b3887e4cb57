import { expect } from "chai";
import { refusal, seed, startRig, stopRigs, subscribe } from "./rig.ts";

describe("sandbox customers", () => {
  afterEach(stopRigs);

  it("are created, retrieved and updated with merged metadata", async () => {
    const { stripe } = await startRig();
    const created = await stripe.customers.create({
      email: "a@example.com",
      name: "A & B",
      address: { country: "US", postal_code: "94107" },
      preferred_locales: ["de", "en"],
      metadata: { tenantId: "tnt_01", region: "eu" },
    });
    const updated = await stripe.customers.update(created.id, {
      email: "b@example.com",
      metadata: { region: "", plan: "pro" },
    });
    expect(updated).to.deep.include({
      email: "b@example.com",
      name: "A & B",
      preferred_locales: ["de", "en"],
      metadata: { tenantId: "tnt_01", plan: "pro" },
    });
    expect(updated.address).to.include({ country: "US", city: null });
    expect(await stripe.customers.retrieve(created.id)).to.deep.include({ ...updated });
    const cleared = await stripe.customers.update(created.id, { metadata: "", name: "" });
    expect(cleared).to.deep.include({ metadata: {}, name: null });
  });

  it("are listed by e-mail, newest first", async () => {
    const { stripe } = await startRig();
    const first = await stripe.customers.create({ email: "a@example.com" });
    await stripe.customers.create({ email: "other@example.com" });
    const second = await stripe.customers.create({ email: "a@example.com" });
    const found = await stripe.customers.list({ email: "a@example.com" });
    expect(found.data.map(({ id }) => id)).to.deep.equal([second.id, first.id]);
    expect(found.has_more).to.equal(false);
  });

  it("are searched by metadata, quotes and backslashes escaped", async () => {
    const { stripe } = await startRig();
    const wanted = await stripe.customers.create({ metadata: { tenantId: "o'neil\\1" } });
    await stripe.customers.create({ metadata: { tenantId: "t2" }, email: "x@example.com" });
    const byTenant = await stripe.customers.search({
      query: String.raw`metadata['tenantId']:'o\'neil\\1'`,
    });
    expect(byTenant.data.map(({ id }) => id)).to.deep.equal([wanted.id]);
    const both = await stripe.customers.search({
      query: "metadata['tenantId']:'t2' AND email:'x@example.com'",
    });
    expect(both.data).to.have.length(1);
    const none = await stripe.customers.search({ query: "metadata['constructor']:'t2'" });
    expect(none.data).to.deep.equal([]);
  });

  it("take their subscriptions with them when they are deleted", async () => {
    const rig = await startRig();
    const catalog = await seed(rig);
    const { id } = await subscribe(rig, catalog);
    rig.receiver.received.length = 0;
    const deleted = await rig.stripe.customers.del(catalog.customer.id);
    await rig.sandbox.settled();
    expect(deleted).to.include({ id: catalog.customer.id, deleted: true });
    expect(rig.receiver.types()).to.deep.equal([
      "customer.subscription.deleted",
      "customer.deleted",
    ]);
    expect((await rig.stripe.subscriptions.retrieve(id)).status).to.equal("canceled");
    expect(await rig.stripe.customers.retrieve(catalog.customer.id)).to.include({ deleted: true });
    expect((await rig.stripe.customers.list()).data).to.deep.equal([]);
    const again = await refusal(rig.stripe.customers.update(catalog.customer.id, { name: "x" }));
    expect(again.code).to.equal("resource_missing");
  });
});

describe("sandbox products and prices", () => {
  afterEach(stopRigs);

  it("keep a product's own id and refuse it a second time", async () => {
    const { stripe } = await startRig();
    const product = await stripe.products.create({ id: "prod_pro", name: "Pro" });
    expect(product.id).to.equal("prod_pro");
    const again = await refusal(stripe.products.create({ id: "prod_pro", name: "Pro" }));
    expect(again).to.include({ statusCode: 400, code: "resource_already_exists" });
    const updated = await stripe.products.update("prod_pro", { active: false, name: "Pro+" });
    expect(updated).to.include({ active: false, name: "Pro+" });
    expect((await stripe.products.list({ active: true })).data).to.deep.equal([]);
    expect((await stripe.products.list({ ids: ["prod_pro"] })).data).to.have.length(1);
  });

  it("give prices decimals and recurring details", async () => {
    const { stripe } = await startRig();
    const product = await stripe.products.create({ name: "Pro" });
    const price = await stripe.prices.create({
      product: product.id,
      currency: "EUR",
      unit_amount: 1999,
      recurring: { interval: "month", interval_count: 3 },
      metadata: { slug: "pro" },
    });
    expect(price).to.include({ currency: "eur", type: "recurring", unit_amount: 1999 });
    expect(String(price.unit_amount_decimal)).to.equal("1999");
    expect(price.recurring).to.include({ interval: "month", interval_count: 3 });
    const once = await stripe.prices.create({
      product: product.id,
      currency: "eur",
      unit_amount: 500,
    });
    expect(once).to.include({ type: "one_time", recurring: null });
    const recurring = await stripe.prices.list({ product: product.id, type: "recurring" });
    expect(recurring.data.map(({ id }) => id)).to.deep.equal([price.id]);
  });

  it("create a product beside a price", async () => {
    const { stripe } = await startRig();
    const price = await stripe.prices.create({
      product_data: { name: "Pack" },
      currency: "usd",
      unit_amount: 100,
      expand: ["product"],
    });
    expect(price.product).to.include({ name: "Pack", object: "product" });
  });

  it("transfer a lookup key only when asked to", async () => {
    const { stripe } = await startRig();
    const product = await stripe.products.create({ name: "Pro" });
    const common = { product: product.id, currency: "usd", lookup_key: "pro_monthly" };
    const old = await stripe.prices.create({ ...common, unit_amount: 4900 });
    const refused = await refusal(stripe.prices.create({ ...common, unit_amount: 5900 }));
    expect(refused).to.include({ statusCode: 400, param: "lookup_key" });
    const next = await stripe.prices.create({
      ...common,
      unit_amount: 5900,
      transfer_lookup_key: true,
    });
    const found = await stripe.prices.list({ lookup_keys: ["pro_monthly"], active: true });
    expect(found.data.map(({ id }) => id)).to.deep.equal([next.id]);
    expect((await stripe.prices.retrieve(old.id)).lookup_key).to.equal(null);
    await stripe.prices.update(old.id, { active: false, lookup_key: "old", metadata: { a: "1" } });
    expect((await stripe.prices.list({ active: false })).data[0]).to.deep.include({
      lookup_key: "old",
      metadata: { a: "1" },
    });
  });

  it("are shown on subscriptions as they are now", async () => {
    const rig = await startRig();
    const { id, items } = await subscribe(rig, await seed(rig, { lookup_key: "pro_monthly" }));
    expect(items.data[0]?.price.lookup_key).to.equal("pro_monthly");
    await rig.stripe.prices.create({
      product: String(items.data[0]?.price.product),
      currency: "usd",
      unit_amount: 5900,
      lookup_key: "pro_monthly",
      transfer_lookup_key: true,
    });
    const later = await rig.stripe.subscriptions.retrieve(id);
    expect(later.items.data[0]?.price).to.include({ lookup_key: null, unit_amount: 4900 });
  });

  it("refuse prices without product, amount or a real currency", async () => {
    const { stripe } = await startRig();
    const product = (await stripe.products.create({ name: "Pro" })).id;
    const calls: [string, Parameters<typeof stripe.prices.create>[0]][] = [
      ["product", { currency: "usd", unit_amount: 1 }],
      ["product", { currency: "usd", unit_amount: 1, product: "prod_none" }],
      ["unit_amount", { currency: "usd", product }],
      ["unit_amount", { currency: "usd", product, unit_amount: -1 }],
      ["currency", { currency: "dollars", product, unit_amount: 1 }],
    ];
    for (const [param, params] of calls) {
      expect(await refusal(stripe.prices.create(params))).to.include({ statusCode: 400, param });
    }
  });
});
