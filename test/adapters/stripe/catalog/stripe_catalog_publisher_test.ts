import { expect } from "chai";
import { connected } from "../connected.ts";
import { fixture, page } from "../fixture.ts";
import { useRecordedApi } from "../recorded_api.ts";
import { rejectionOf } from "../rejection_of.ts";

const PRODUCT = { productId: "prod_QvPro", name: "Pro", planSlug: "pro" };
const PRICE = {
  productId: "prod_QvPro",
  lookupKey: "pro_month",
  amount: 2900,
  currency: "eur",
  interval: "month",
  taxBehavior: null,
} as const;
const PUBLISHED = { priceId: "price_1QvProMonthly", ...PRICE };
function refusal(status: number, code: string) {
  return { status, body: { error: { type: "invalid_request_error", code, message: "no" } } };
}

describe("StripeCatalogPublisher", () => {
  const api = useRecordedApi();
  const { publisher } = connected();

  it("prices asks for ten lookup keys at a time, active prices only", async () => {
    api.answer("GET", "/v1/prices", { body: page([fixture("price")]) });
    api.answer("GET", "/v1/prices", { body: page([fixture("price", { id: "price_2" })]) });
    const keys = Array.from({ length: 12 }, (_, index) => `key_${index}`);
    const found = await publisher.prices(keys);
    expect(found).to.deep.equal([PUBLISHED, { ...PUBLISHED, priceId: "price_2" }]);
    const [first, second] = api.requests;
    expect(first?.query).to.deep.equal({
      active: "true",
      limit: "100",
      ...Object.fromEntries(keys.slice(0, 10).map((key, index) => [`lookup_keys[${index}]`, key])),
    });
    expect(second?.query).to.deep.equal({
      active: "true",
      limit: "100",
      "lookup_keys[0]": "key_10",
      "lookup_keys[1]": "key_11",
    });
  });

  it("prices asks nothing for no lookup keys", async () => {
    expect(await publisher.prices([])).to.deep.equal([]);
  });

  it("prices leaves out what no plan can mean: prices without a fixed whole amount", async () => {
    const tiered = fixture("price", { unit_amount: null });
    api.answer("GET", "/v1/prices", { body: page([tiered, fixture("price")]) });
    expect(await publisher.prices(["pro_month"])).to.deep.equal([PUBLISHED]);
  });

  it("putProduct creates the product under its own id", async () => {
    api.answer("POST", "/v1/products", { body: fixture("product") });
    await publisher.putProduct(PRODUCT);
    expect(api.single().form).to.deep.equal({
      id: "prod_QvPro",
      name: "Pro",
      "metadata[planSlug]": "pro",
      "metadata[managedBy]": "mailingcore-billing",
    });
    expect(api.single().headers.get("idempotency-key")).to.match(/^product-[0-9a-f-]{36}$/);
  });

  it("putProduct leaves a product alone that is as it should be", async () => {
    api.answer("POST", "/v1/products", refusal(400, "resource_already_exists"));
    api.answer("GET", "/v1/products/prod_QvPro", { body: fixture("product") });
    await publisher.putProduct(PRODUCT);
    expect(api.requests).to.have.lengthOf(2);
  });

  for (const difference of [{ name: "Old" }, { metadata: {} }, { active: false }]) {
    it(`putProduct corrects the ${Object.keys(difference)} of a product`, async () => {
      api.answer("POST", "/v1/products", refusal(400, "resource_already_exists"));
      api.answer("GET", "/v1/products/prod_QvPro", { body: fixture("product", difference) });
      api.answer("POST", "/v1/products/prod_QvPro", { body: fixture("product") });
      await publisher.putProduct(PRODUCT);
      expect(api.requests[2]?.form).to.deep.equal({
        name: "Pro",
        "metadata[planSlug]": "pro",
        "metadata[managedBy]": "mailingcore-billing",
        active: "true",
      });
    });
  }

  it("products asks for a hundred ids at a time, archived ones too", async () => {
    const archived = fixture("product", { id: "prod_2", active: false, metadata: {} });
    api.answer("GET", "/v1/products", { body: page([fixture("product"), archived]) });
    api.answer("GET", "/v1/products", { body: page([]) });
    const ids = Array.from({ length: 101 }, (_, index) => `prod_${index}`);
    expect(await publisher.products(ids)).to.deep.equal([
      { productId: "prod_QvPro", name: "Pro", active: true, planSlug: "pro", packSlug: null },
      { productId: "prod_2", name: "Pro", active: false, planSlug: null, packSlug: null },
    ]);
    const [first, second] = api.requests;
    expect(Object.keys(first?.query ?? {})).to.have.lengthOf(101);
    expect(first?.query).to.include({ limit: "100", "ids[0]": "prod_0", "ids[99]": "prod_99" });
    expect(second?.query).to.deep.equal({ limit: "100", "ids[0]": "prod_100" });
    expect(await publisher.products([])).to.deep.equal([]);
  });

  it("putProduct fails where Stripe refuses the product for another reason", async () => {
    api.answer("POST", "/v1/products", refusal(400, "parameter_invalid_empty"));
    const error = await rejectionOf(publisher.putProduct(PRODUCT));
    expect(error.message).to.equal(
      'Cannot create product "prod_QvPro": Stripe refused it (parameter_invalid_empty)',
    );
  });

  it("createPrice creates a price and moves the lookup key to it", async () => {
    api.answer("POST", "/v1/prices", { body: fixture("price") });
    expect(await publisher.createPrice(PRICE)).to.deep.equal(PUBLISHED);
    expect(api.single().form).to.deep.equal({
      product: "prod_QvPro",
      currency: "eur",
      unit_amount: "2900",
      "recurring[interval]": "month",
      lookup_key: "pro_month",
      transfer_lookup_key: "true",
    });
  });

  it("P22 createPrice sends one key for one price, and another for any other", async () => {
    const prices = [PRICE, PRICE, { ...PRICE, amount: 2901 }, { ...PRICE, currency: "usd" }];
    for (const price of prices) {
      api.answer("POST", "/v1/prices", { body: fixture("price") });
      await publisher.createPrice(price);
    }
    const keys = api.requests.map(({ headers }) => headers.get("idempotency-key"));
    expect(keys[0]).to.match(/^price-[0-9a-f]{64}$/);
    expect(keys[1]).to.equal(keys[0]);
    expect(new Set(keys).size).to.equal(3);
  });

  it("P43 createPrice says how the price relates to its tax, under a key of its own", async () => {
    api.answer("POST", "/v1/prices", { body: fixture("price") });
    await publisher.createPrice(PRICE);
    api.answer("POST", "/v1/prices", { body: fixture("price", { tax_behavior: "inclusive" }) });
    const priced = await publisher.createPrice({ ...PRICE, taxBehavior: "inclusive" });
    expect(priced).to.deep.equal({ ...PUBLISHED, taxBehavior: "inclusive" });
    const [first, second] = api.requests;
    expect(first?.form).to.not.have.property("tax_behavior");
    expect(second?.form).to.include({ tax_behavior: "inclusive" });
    const keys = [first, second].map((request) => request?.headers.get("idempotency-key"));
    expect(keys[0]).to.not.equal(keys[1]);
  });

  it("P43 specifyTax says it of a price that is there", async () => {
    api.answer("POST", "/v1/prices/price_1QvProMonthly", { body: fixture("price") });
    await publisher.specifyTax({ priceId: "price_1QvProMonthly", taxBehavior: "exclusive" });
    expect(api.single().form).to.deep.equal({ tax_behavior: "exclusive" });
  });

  it("P22 createPrice takes the lookup key back for a price that was created before", async () => {
    const headers = { "idempotent-replayed": "true" };
    api.answer("POST", "/v1/prices", { body: fixture("price"), headers });
    api.answer("POST", "/v1/prices/price_1QvProMonthly", { body: fixture("price") });
    expect(await publisher.createPrice(PRICE)).to.deep.equal(PUBLISHED);
    expect(api.requests[1]?.form).to.deep.equal({
      active: "true",
      lookup_key: "pro_month",
      transfer_lookup_key: "true",
    });
  });

  const failure = { status: 500, body: { error: { type: "api_error", message: "broken" } } };

  it("P22 createPrice looks for the price after a stored failure", async () => {
    api.answer("POST", "/v1/prices", failure);
    api.answer("GET", "/v1/prices", { body: page([fixture("price")]) });
    expect(await publisher.createPrice(PRICE)).to.deep.equal(PUBLISHED);
  });

  it("P22 createPrice tries once more under a fresh key where it finds no such price", async () => {
    api.answer("POST", "/v1/prices", failure);
    api.answer("GET", "/v1/prices", { body: page([fixture("price", { unit_amount: 1900 })]) });
    api.answer("POST", "/v1/prices", { body: fixture("price") });
    expect(await publisher.createPrice(PRICE)).to.deep.equal(PUBLISHED);
    const [first, , second] = api.requests.map(({ headers }) => headers.get("idempotency-key"));
    expect(second?.startsWith(`${first}-`)).to.equal(true);
  });

  for (const [status, code] of [
    [400, "parameter_invalid_integer"],
    [429, "rate_limit"],
  ] as const) {
    it(`P22 createPrice keeps its key after a failure that is not stored: ${code}`, async () => {
      api.answer("POST", "/v1/prices", refusal(status, code));
      await rejectionOf(publisher.createPrice(PRICE));
      expect(api.requests).to.have.lengthOf(1);
    });
  }
});
