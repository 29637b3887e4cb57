import { expect } from "chai";
import { Stripe } from "stripe";
import { IdempotencyKeys } from "../../sandbox/api/idempotency.ts";
import { refusal, seed, startRig, stopRigs, subscribe } from "./rig.ts";

describe("sandbox expansions", () => {
  afterEach(stopRigs);

  it("replace ids by objects, in lists too", async () => {
    const rig = await startRig();
    const { product, customer } = await seed(rig).then(async (catalog) => {
      await subscribe(rig, catalog);
      return catalog;
    });
    const { data } = await rig.stripe.subscriptions.list({
      customer: customer.id,
      expand: ["data.latest_invoice", "data.customer", "data.default_payment_method"],
    });
    expect(data[0]?.latest_invoice).to.include({ object: "invoice", status: "paid" });
    expect(data[0]?.customer).to.include({ id: customer.id, email: "owner@example.com" });
    expect(data[0]?.default_payment_method).to.include({ object: "payment_method" });
    const one = await rig.stripe.subscriptions.retrieve(String(data[0]?.id), {
      expand: ["items.data.price.product"],
    });
    expect(one.items.data[0]?.price.product).to.include({ id: product.id, name: "Pro" });
    const plain = await rig.stripe.subscriptions.retrieve(String(data[0]?.id));
    expect(plain.latest_invoice).to.be.a("string");
  });

  it("refuse paths that lead nowhere, before anything happens", async () => {
    const rig = await startRig();
    for (const path of ["nonsense", "data.name", "invoice_settings", "constructor", "metadata.a"]) {
      const refused = await refusal(rig.stripe.customers.create({ expand: [path] }));
      expect(refused, path).to.include({ statusCode: 400 });
      expect(refused.message).to.contain(path);
    }
    expect((await rig.stripe.customers.list()).data).to.deep.equal([]);
    const deep = rig.stripe.subscriptions.list({ expand: ["data.items.data.price.product"] });
    expect((await refusal(deep)).message).to.contain("more than 4 levels");
  });
});

describe("sandbox idempotency", () => {
  afterEach(stopRigs);

  it("replays the stored answer and does nothing again", async () => {
    const { stripe } = await startRig();
    const params = { email: "a@example.com", metadata: { a: "1" } };
    const first = await stripe.customers.create(params, { idempotencyKey: "k1" });
    await stripe.customers.update(first.id, { name: "changed later" });
    const again = await stripe.customers.create(params, { idempotencyKey: "k1" });
    expect(again.id).to.equal(first.id);
    expect(again.name).to.equal(null);
    expect(again.lastResponse.headers).to.include({ "idempotent-replayed": "true" });
    expect(first.lastResponse.headers).to.not.have.property("idempotent-replayed");
    expect((await stripe.customers.list()).data).to.have.length(1);
  });

  it("refuses a key with other parameters or another path", async () => {
    const { stripe } = await startRig();
    await stripe.customers.create({ email: "a@example.com" }, { idempotencyKey: "k1" });
    for (const call of [
      stripe.customers.create({ email: "b@example.com" }, { idempotencyKey: "k1" }),
      stripe.products.create({ name: "a@example.com" }, { idempotencyKey: "k1" }),
    ]) {
      expect(await refusal(call)).to.be.instanceOf(Stripe.errors.StripeIdempotencyError);
    }
  });

  it("forgets validation failures but keeps failures of execution", async () => {
    const { stripe } = await startRig();
    const product = (await stripe.products.create({ id: "prod_a", name: "A" })).id;
    const invalid = { product, currency: "x", unit_amount: 1 };
    await refusal(stripe.prices.create(invalid, { idempotencyKey: "k1" }));
    const price = await stripe.prices.create(
      { ...invalid, currency: "usd" },
      { idempotencyKey: "k1" },
    );
    expect(price.currency).to.equal("usd");
    const missing = { product: "prod_b", currency: "usd", unit_amount: 1 };
    await refusal(stripe.prices.create(missing, { idempotencyKey: "k2" }));
    await stripe.products.create({ id: "prod_b", name: "B" });
    const replayed = await refusal(stripe.prices.create(missing, { idempotencyKey: "k2" }));
    expect(replayed).to.include({ code: "resource_missing" });
    expect(replayed.headers).to.include({ "idempotent-replayed": "true" });
  });

  it("answers 409 while the first request runs, and forgets keys after a day", () => {
    const keys = new IdempotencyKeys(new Map());
    expect(keys.claim("k", "f", 0)).to.equal(undefined);
    expect(() => keys.claim("k", "f", 0))
      .to.throw("in-progress")
      .with.nested.property("details.code", "idempotency_key_in_use");
    const answer = { fingerprint: "f", storedAtMs: 0, status: 200, body: "{}" };
    keys.store("k", answer);
    keys.release("k");
    expect(keys.claim("k", "f", 86_400_000)).to.equal(answer);
    expect(keys.claim("k", "other", 86_400_001)).to.equal(undefined);
    expect(() => keys.claim("k".repeat(256), "f", 0)).to.throw("255");
  });
});
