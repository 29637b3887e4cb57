import { expect } from "chai";
import { refusal, seed, startRig, stopRigs, subscribe } from "./rig.ts";

// docs.stripe.com/search: the query language, and the fields of each resource.
describe("the sandbox's search", () => {
  afterEach(stopRigs);

  it("joins clauses by AND, by OR or by nothing, but not by both", async () => {
    const { stripe } = await startRig();
    const one = await stripe.customers.create({ name: "Rocket Rides", email: "amy@example.com" });
    const two = await stripe.customers.create({ name: "Boat Rides", email: "bob@example.com" });
    const found = async (query: string) =>
      (await stripe.customers.search({ query })).data.map(({ id }) => id);
    expect(await found('email:"AMY@example.com"'), "case makes no difference").to.deep.equal([
      one.id,
    ]);
    expect(await found('name~"rides" email:"bob@example.com"')).to.deep.equal([two.id]);
    expect(await found("name~'rides' AND -email:'bob@example.com'")).to.deep.equal([one.id]);
    const either = "email:'amy@example.com' or email:'bob@example.com'";
    expect(await found(either)).to.deep.equal([two.id, one.id]);
    expect(await found("email:'nobody@example.com'")).to.deep.equal([]);
    const mixed = `${either} AND name~'rides'`;
    expect(await refusal(stripe.customers.search({ query: mixed }))).to.include({ param: "query" });
  });

  it("compares numbers, and finds what has no value", async () => {
    const { stripe, advance } = await startRig();
    const old = await stripe.customers.create({ metadata: { plan: "pro" } });
    await advance({ advanceDays: 1 });
    const young = await stripe.customers.create({ phone: "+4912345" });
    const found = async (query: string) =>
      (await stripe.customers.search({ query })).data.map(({ id }) => id);
    expect(await found(`created>${old.created}`)).to.deep.equal([young.id]);
    expect(await found(`created<${young.created}`)).to.deep.equal([old.id]);
    expect(await found(`created>=${old.created} created<=${old.created}`)).to.deep.equal([old.id]);
    expect(await found(`created:${old.created}`)).to.deep.equal([old.id]);
    expect(await found("phone:null")).to.deep.equal([old.id]);
    expect(await found("-phone:NULL")).to.deep.equal([young.id]);
    expect(await found('metadata["plan"]:null')).to.deep.equal([young.id]);
    expect(await found('-metadata["plan"]:null')).to.deep.equal([old.id]);
  });

  it("finds charges, invoices, payments, prices, products and subscriptions", async () => {
    const rig = await startRig();
    const { stripe } = rig;
    const { customer, price, product } = await seed(rig, { lookup_key: "pro_monthly" });
    const { id } = await subscribe(rig, { customer, price });
    const mine = `customer:'${customer.id}'`;
    const charges = await stripe.charges.search({
      query: `${mine} payment_method_details.card.last4:'4242' amount>100`,
    });
    expect(charges.data).to.have.length(1);
    const invoices = await stripe.invoices.search({ query: `subscription:'${id}' total>4000` });
    expect(invoices.data.map(({ status }) => status)).to.deep.equal(["paid"]);
    const intents = await stripe.paymentIntents.search({ query: `${mine} status:'succeeded'` });
    expect(intents.data).to.have.length(1);
    const prices = await stripe.prices.search({
      query: "active:'true' AND lookup_key~'pro_' AND type:'recurring'",
    });
    expect(prices.data.map((found) => found.id)).to.deep.equal([price.id]);
    const products = await stripe.products.search({ query: "name:'pro' -active:'false'" });
    expect(products.data.map((found) => found.id)).to.deep.equal([product.id]);
    const subscriptions = await stripe.subscriptions.search({
      query: "status:'active' metadata['tenantId']:'tnt_01' canceled_at:null",
    });
    expect(subscriptions.data.map((found) => found.id)).to.deep.equal([id]);
  });

  it("goes on page by page, and expands", async () => {
    const { stripe } = await startRig();
    const product = await stripe.products.create({ name: "Pro" });
    for (const unit_amount of [100, 200, 300]) {
      await stripe.prices.create({ product: product.id, currency: "usd", unit_amount });
    }
    const query = "currency:'usd'";
    const first = await stripe.prices.search({ query, limit: 2, expand: ["data.product"] });
    expect(first).to.include({ object: "search_result", has_more: true });
    expect(first.data[0]?.product).to.include({ name: "Pro" });
    const amounts: (number | null)[] = [];
    for await (const price of stripe.prices.search({ query, limit: 2 })) {
      amounts.push(price.unit_amount);
    }
    expect(amounts).to.deep.equal([300, 200, 100]);
  });

  it("refuses what cannot be searched", async () => {
    const { stripe } = await startRig();
    for (const query of [
      "id:'cus_1'",
      "email>'a'",
      "name~'ab'",
      "created:'soon'",
      "created~'123'",
      "(email:'a@example.com')",
      "email:'a@example.com' AND",
      "metadata['a'",
      "name['a']:'b'",
      "phone>null",
      "constructor:'a'",
      Array.from({ length: 11 }, (_, index) => `name:'${index}'`).join(" OR "),
    ]) {
      const refused = await refusal(stripe.customers.search({ query }));
      expect(refused, query).to.include({ statusCode: 400, param: "query" });
    }
    const unknown = await refusal(stripe.prices.search({ query: "email:'a'" }));
    expect(unknown.message).to.contain(
      "`email` is an unsupported search field for resource `prices`",
    );
  });
});
