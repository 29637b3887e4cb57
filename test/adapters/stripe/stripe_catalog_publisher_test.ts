import { expect } from "chai";
import { connected } from "./connected.ts";
import { at, fixture, type Json, page } from "./fixture.ts";
import { useRecordedApi } from "./recorded_api.ts";
import { rejectionOf } from "./rejection_of.ts";

const PRODUCT = { productId: "prod_QvPro", name: "Pro", planSlug: "pro" };
const PRICE = {
  productId: "prod_QvPro",
  lookupKey: "pro_month",
  amount: 2900,
  currency: "eur",
  interval: "month",
} as const;
const PUBLISHED = { priceId: "price_1QvProMonthly", ...PRICE };
const CONFIGURATIONS = "/v1/billing_portal/configurations";
const RETURN_URL = "https://app.example.com/billing";
const ORDER = {
  returnUrl: RETURN_URL,
  offers: [
    { productId: "prod_starter", priceIds: ["price_s1"] },
    { productId: "prod_QvPro", priceIds: ["price_m", "price_y"] },
  ],
};
const UPDATE = "features[subscription_update]";
const SETTINGS = {
  default_return_url: RETURN_URL,
  "features[customer_update][enabled]": "true",
  "features[customer_update][allowed_updates][0]": "address",
  "features[customer_update][allowed_updates][1]": "email",
  "features[customer_update][allowed_updates][2]": "name",
  "features[customer_update][allowed_updates][3]": "tax_id",
  "features[invoice_history][enabled]": "true",
  "features[payment_method_update][enabled]": "true",
  "features[subscription_cancel][enabled]": "true",
  "features[subscription_cancel][mode]": "at_period_end",
  [`${UPDATE}[enabled]`]: "true",
  [`${UPDATE}[default_allowed_updates][0]`]: "price",
  [`${UPDATE}[products][0][product]`]: "prod_starter",
  [`${UPDATE}[products][0][prices][0]`]: "price_s1",
  [`${UPDATE}[products][1][product]`]: "prod_QvPro",
  [`${UPDATE}[products][1][prices][0]`]: "price_m",
  [`${UPDATE}[products][1][prices][1]`]: "price_y",
  [`${UPDATE}[proration_behavior]`]: "always_invoice",
  [`${UPDATE}[schedule_at_period_end][conditions][0][type]`]: "decreasing_item_amount",
  [`${UPDATE}[schedule_at_period_end][conditions][1][type]`]: "shortening_interval",
  [`${UPDATE}[trial_update_behavior]`]: "end_trial",
};

/** Our configuration as Stripe shows it when it is as it should be. */
function configuration(): Json {
  const json = fixture("portal_configuration");
  Object.assign(at(json, "features", "subscription_update"), {
    enabled: true,
    default_allowed_updates: ["price"],
    products: [
      { product: "prod_QvPro", prices: ["price_y", "price_m"] },
      { product: "prod_starter", prices: ["price_s1"] },
    ],
    proration_behavior: "always_invoice",
    schedule_at_period_end: {
      conditions: [{ type: "shortening_interval" }, { type: "decreasing_item_amount" }],
    },
  });
  return json;
}

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
    expect(api.only().form).to.deep.equal({
      id: "prod_QvPro",
      name: "Pro",
      "metadata[planSlug]": "pro",
      "metadata[managedBy]": "mailingcore-billing",
    });
    expect(api.only().headers.get("idempotency-key")).to.match(/^product-[0-9a-f-]{36}$/);
  });

  it("putProduct leaves a product alone that is as it should be", async () => {
    api.answer("POST", "/v1/products", refusal(400, "resource_already_exists"));
    api.answer("GET", "/v1/products/prod_QvPro", { body: fixture("product") });
    await publisher.putProduct(PRODUCT);
    expect(api.requests).to.have.lengthOf(2);
  });

  for (const difference of [{ name: "Old" }, { metadata: {} }]) {
    it(`putProduct corrects the ${Object.keys(difference)} of a product`, async () => {
      api.answer("POST", "/v1/products", refusal(400, "resource_already_exists"));
      api.answer("GET", "/v1/products/prod_QvPro", { body: fixture("product", difference) });
      api.answer("POST", "/v1/products/prod_QvPro", { body: fixture("product") });
      await publisher.putProduct(PRODUCT);
      expect(api.requests[2]?.form).to.deep.equal({
        name: "Pro",
        "metadata[planSlug]": "pro",
        "metadata[managedBy]": "mailingcore-billing",
      });
    });
  }

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
    expect(api.only().form).to.deep.equal({
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

  it("putPortalConfiguration creates ours where there is none", async () => {
    const foreign = fixture("portal_configuration", { id: "bpc_other", metadata: {} });
    api.answer("GET", CONFIGURATIONS, { body: page([foreign]) });
    api.answer("POST", CONFIGURATIONS, { body: configuration() });
    expect(await publisher.putPortalConfiguration(ORDER)).to.equal("bpc_1Qv");
    const [list, create] = api.requests;
    expect(list?.query).to.deep.equal({
      active: "true",
      limit: "100",
      "expand[0]": "data.features.subscription_update.products",
    });
    expect(create?.form).to.deep.equal({
      ...SETTINGS,
      "metadata[managedBy]": "mailingcore-billing",
    });
    expect(create?.headers.get("idempotency-key")).to.match(/^portal-configuration-[0-9a-f]{64}$/);
  });

  it("putPortalConfiguration leaves ours alone when it is as it should be", async () => {
    api.answer("GET", CONFIGURATIONS, { body: page([configuration()]) });
    expect(await publisher.putPortalConfiguration(ORDER)).to.equal("bpc_1Qv");
  });

  const drifts: [string, (json: Json) => void][] = [
    ["its return URL", (json) => Object.assign(json, { default_return_url: null })],
    ...["invoice_history", "payment_method_update", "customer_update", "subscription_cancel"].map(
      (name): [string, (json: Json) => void] => [
        `its ${name}`,
        (json) => Object.assign(at(json, "features", name), { enabled: false }),
      ],
    ),
    [
      "when it cancels",
      (json) => Object.assign(at(json, "features", "subscription_cancel"), { mode: "immediately" }),
    ],
    [
      "what customers can change",
      (json) =>
        Object.assign(at(json, "features", "customer_update"), { allowed_updates: ["email"] }),
    ],
  ];
  const update = (changes: object) => (json: Json) =>
    Object.assign(at(json, "features", "subscription_update"), changes);
  drifts.push(
    ["the plans to change to", update({ products: [] })],
    ["plans that Stripe does not show", update({ products: undefined })],
    ["the prices of a plan", update({ products: [{ product: "prod_QvPro", prices: [] }] })],
    ["that upgrades are charged at once", update({ proration_behavior: "none" })],
    ["that downgrades wait", update({ schedule_at_period_end: { conditions: [] } })],
    ["that a change ends a trial", update({ trial_update_behavior: "continue_trial" })],
    ["that plans can be changed", update({ enabled: false })],
    ["that the price can be changed", update({ default_allowed_updates: [] })],
  );
  for (const [what, drift] of drifts) {
    it(`putPortalConfiguration corrects ${what}`, async () => {
      const drifted = configuration();
      drift(drifted);
      api.answer("GET", CONFIGURATIONS, { body: page([drifted]) });
      api.answer("POST", `${CONFIGURATIONS}/bpc_1Qv`, { body: configuration() });
      expect(await publisher.putPortalConfiguration(ORDER)).to.equal("bpc_1Qv");
      expect(api.requests[1]?.form).to.deep.equal({ ...SETTINGS, active: "true" });
    });
  }

  it("putPortalConfiguration offers no change where there is no plan to change to", async () => {
    const none = configuration();
    update({ enabled: false, products: [] })(none);
    api.answer("GET", CONFIGURATIONS, { body: page([none]) });
    const order = { returnUrl: RETURN_URL, offers: [] };
    expect(await publisher.putPortalConfiguration(order)).to.equal("bpc_1Qv");
  });

  it("P22 putPortalConfiguration brings a replayed creation up to date", async () => {
    const headers = { "idempotent-replayed": "true" };
    api.answer("GET", CONFIGURATIONS, { body: page([]) });
    api.answer("POST", CONFIGURATIONS, { body: configuration(), headers });
    api.answer("POST", `${CONFIGURATIONS}/bpc_1Qv`, { body: configuration() });
    expect(await publisher.putPortalConfiguration(ORDER)).to.equal("bpc_1Qv");
  });
});
