import { expect } from "chai";
import { connected } from "../connected.ts";
import { at, fixture, type Json, page } from "../fixture.ts";
import { useRecordedApi } from "../recorded_api.ts";

const CONFIGURATIONS = "/v1/billing_portal/configurations";
const RETURN_URL = "https://app.example.com/billing";
const ORDER = {
  purpose: "plan_change" as const,
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
  [`${UPDATE}[billing_cycle_anchor]`]: "now",
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
  const metadata = { managedBy: "mailingcore-billing", purpose: "plan_change" };
  const json = fixture("portal_configuration", { metadata });
  Object.assign(at(json, "features", "subscription_update"), {
    enabled: true,
    billing_cycle_anchor: "now",
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

describe("StripeCatalogPublisher: the Portal configuration", () => {
  const api = useRecordedApi();
  const { publisher } = connected();

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
      "metadata[purpose]": "plan_change",
    });
    expect(create?.headers.get("idempotency-key")).to.match(
      /^portal-configuration:plan_change-[0-9a-f]{64}$/,
    );
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
    ["that a change begins a new period", update({ billing_cycle_anchor: "unchanged" })],
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

  it("comparePortal names what differs, and changes nothing", async () => {
    const drifted = configuration();
    update({ proration_behavior: "none" })(drifted);
    Object.assign(at(drifted, "features", "subscription_cancel"), { mode: "immediately" });
    api.answer("GET", CONFIGURATIONS, { body: page([drifted]) });
    const [starter] = ORDER.offers;
    const pro = { productId: "prod_QvPro", priceIds: ["price_m", "new:pro_year"] };
    const offers = starter === undefined ? [] : [starter, pro];
    expect(await publisher.comparePortal({ ...ORDER, offers })).to.deep.equal({
      purpose: "plan_change",
      configurationId: "bpc_1Qv",
      fields: [
        {
          field: "products.prod_QvPro",
          before: "price_m price_y",
          after: "new:pro_year price_m",
        },
        { field: "subscription_cancel.mode", before: "immediately", after: "at_period_end" },
        {
          field: "subscription_update.proration_behavior",
          before: "none",
          after: "always_invoice",
        },
      ],
    });
  });

  it("comparePortal finds no difference in ours, and all of it where there is none", async () => {
    api.answer("GET", CONFIGURATIONS, { body: page([configuration()]) });
    expect(await publisher.comparePortal(ORDER)).to.deep.equal({
      purpose: "plan_change",
      configurationId: "bpc_1Qv",
      fields: [],
    });
    api.answer("GET", CONFIGURATIONS, { body: page([]) });
    const none = await publisher.comparePortal(ORDER);
    expect(none.configurationId).to.equal(null);
    expect(none.fields.map(({ field }) => field)).to.include.members([
      "default_return_url",
      "subscription_update.enabled",
      "products.prod_starter",
    ]);
    expect(none.fields.every(({ before }) => before === null)).to.equal(true);
  });

  it("P19 the home page changes no plans, and is the one configuration of earlier releases", async () => {
    const earlier = configuration();
    Object.assign(earlier, { id: "bpc_home", metadata: { managedBy: "mailingcore-billing" } });
    api.answer("GET", CONFIGURATIONS, { body: page([configuration(), earlier]) });
    api.answer("POST", `${CONFIGURATIONS}/bpc_home`, { body: { ...earlier, id: "bpc_home" } });
    const home = { ...ORDER, purpose: "home", offers: [] } as const;
    expect(await publisher.putPortalConfiguration(home)).to.equal("bpc_home");
    const form = Object.entries(api.requests[1]?.form ?? {});
    expect(form.filter(([name]) => name.startsWith(UPDATE))).to.deep.equal([
      [`${UPDATE}[enabled]`, "false"],
    ]);
  });

  it("putPortalConfiguration offers no change where there is no plan to change to", async () => {
    const none = configuration();
    update({ enabled: false, products: [] })(none);
    api.answer("GET", CONFIGURATIONS, { body: page([none]) });
    const order = { ...ORDER, offers: [] };
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
