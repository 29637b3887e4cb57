import { expect } from "chai";
import fc from "fast-check";
import { Stripe } from "stripe";
import { type FormHash, parseForm } from "../../sandbox/api/form.ts";
import { ROUTE_NAMES } from "../../sandbox/api/routes.ts";
import { clientOf, refusal, startRig, stopRigs } from "./rig.ts";

interface RawError {
  error: { type: string; code?: string; param?: string; message: string };
}

async function raw(url: string, init: RequestInit = {}): Promise<[Response, RawError]> {
  const response = await fetch(url, {
    ...init,
    headers: { authorization: "Bearer sk_test_x", ...init.headers },
  });
  return [response, (await response.json()) as RawError];
}

describe("the sandbox's protocol", () => {
  afterEach(stopRigs);

  it("lets test keys in and nothing else", async () => {
    const { sandbox } = await startRig();
    for (const key of ["sk_live_x", "pk_test_x", "rk_live_x", "nonsense"]) {
      const refused = await refusal(clientOf(sandbox, key).customers.list());
      expect(refused, key).to.be.instanceOf(Stripe.errors.StripeAuthenticationError);
      expect(refused.message).to.not.contain(key.slice(0, -1).repeat(2));
    }
    const restricted = await clientOf(sandbox, "rk_test_x").customers.list();
    expect(restricted.data).to.deep.equal([]);
    const readonly = clientOf(sandbox, "rk_test_readonly_1");
    expect((await readonly.customers.list()).data).to.deep.equal([]);
    const forbidden = await refusal(readonly.checkout.sessions.expire("cs_test_none"));
    expect(forbidden).to.include({ statusCode: 403 });
    expect(forbidden.message).to.include("rak_checkout_session_write");
    const [none] = await raw(`${sandbox.url}/v1/customers`, { headers: { authorization: "" } });
    expect(none.status).to.equal(401);
    const basic = `Basic ${Buffer.from("sk_test_x:").toString("base64")}`;
    const [user] = await raw(`${sandbox.url}/v1/customers`, { headers: { authorization: basic } });
    expect(user.status).to.equal(200);
  });

  it("names every request and echoes the version", async () => {
    const { stripe } = await startRig();
    const customer = await stripe.customers.create({});
    expect(customer.lastResponse.requestId).to.match(/^req_\w{14}$/);
    expect(customer.lastResponse.headers).to.include({ "stripe-version": Stripe.API_VERSION });
  });

  // docs.stripe.com/api/versioning; every version in stripe-node's WebhookEndpointCreateParams.
  it("answers older versions in its own shape, and says so once", async () => {
    const told: string[] = [];
    const { stripe } = await startRig({ log: (line) => told.push(line) });
    const plain = await stripe.customers.list();
    expect(plain.lastResponse.headers).to.not.have.property("sandbox-notice");
    for (const apiVersion of [
      "2020-08-27",
      "2025-03-31.basil",
      "2020-08-27",
      "2026-01-01.preview",
    ]) {
      const { lastResponse } = await stripe.customers.list({}, { apiVersion });
      expect(lastResponse.headers).to.include({ "stripe-version": Stripe.API_VERSION });
      expect(lastResponse.headers).to.have.property("sandbox-notice").that.contains(apiVersion);
    }
    expect(told).to.have.length(3);
    expect(told[0]).to.contain("2020-08-27").and.to.contain(Stripe.API_VERSION);
    const features = "2026-09-30.endive; some_feature=v1";
    await stripe.customers.list({}, { apiVersion: features });
  });

  it("refuses a version that Stripe does not have", async () => {
    const { stripe } = await startRig();
    for (const apiVersion of ["2020-08-28", "2026-10-28.acacia", "nonsense", "2027-01-01.endive"]) {
      const refused = await refusal(stripe.customers.list({}, { apiVersion }));
      expect(refused, apiVersion).to.include({ statusCode: 400 });
    }
  });

  it("answers /v2 in JSON, as that API says errors", async () => {
    const { sandbox } = await startRig();
    const [response, { error }] = await raw(`${sandbox.url}/v2/core/events?limit=1`);
    expect(response.status).to.equal(404);
    expect(response.headers.get("content-type")).to.contain("application/json");
    expect(error).to.include({ code: "not_found", type: "invalid_request_error" });
  });

  it("shows its one account and its balance", async () => {
    const { stripe } = await startRig();
    const own = await stripe.accounts.retrieveCurrent();
    expect(own).to.include({ object: "account", charges_enabled: true });
    expect((await stripe.accounts.retrieve(own.id)).id).to.equal(own.id);
    const other = await refusal(stripe.accounts.retrieve("acct_other"));
    expect(other).to.include({ statusCode: 403, code: "account_invalid" });
    expect(await stripe.balance.retrieve()).to.include({ object: "balance", livemode: false });
  });

  it("has each route once: of two the second would never answer", () => {
    const twice = ROUTE_NAMES.filter((name, index) => ROUTE_NAMES.indexOf(name) !== index);
    expect(twice).to.deep.equal([]);
  });

  it("answers unknown routes in Stripe's error shape", async () => {
    const { sandbox, stripe } = await startRig();
    for (const [method, path] of [
      ["GET", "/v1/issuing/cards"],
      ["PUT", "/v1/customers"],
      ["GET", "/v1/customers/"],
      ["GET", "/v1"],
    ]) {
      const [response, { error }] = await raw(`${sandbox.url}${path}`, { method: method ?? "GET" });
      expect(response.status, `${method} ${path}`).to.equal(404);
      expect(error.type).to.equal("invalid_request_error");
      expect(error.message).to.contain("Unrecognized request URL");
    }
    const refused = await refusal(stripe.quotes.list());
    expect(refused).to.be.instanceOf(Stripe.errors.StripeInvalidRequestError);
  });

  it("answers missing objects with 404 resource_missing", async () => {
    const { stripe } = await startRig();
    for (const call of [
      stripe.customers.retrieve("cus_none"),
      stripe.products.retrieve("prod_none"),
      stripe.prices.retrieve("price_none"),
      stripe.subscriptions.retrieve("sub_none"),
      stripe.invoices.retrieve("in_none"),
      stripe.events.retrieve("evt_none"),
      stripe.checkout.sessions.retrieve("cs_none"),
      stripe.billingPortal.configurations.retrieve("bpc_none"),
      stripe.webhookEndpoints.retrieve("we_none"),
      stripe.paymentIntents.retrieve("pi_none"),
    ]) {
      const refused = await refusal(call);
      expect(refused).to.include({ statusCode: 404, code: "resource_missing" });
    }
  });

  it("names unknown, missing and malformed parameters", async () => {
    const { sandbox } = await startRig();
    const cases: [string, string, string | undefined, string][] = [
      ["/v1/customers", "nmae=x", "parameter_unknown", "nmae"],
      [
        "/v1/customers",
        "address[city]=x&address[planet]=y",
        "parameter_unknown",
        "address[planet]",
      ],
      ["/v1/products", "active=true", "parameter_missing", "name"],
      ["/v1/products", "name=", "parameter_invalid_empty", "name"],
      ["/v1/products", "name=x&active=yes", undefined, "active"],
      ["/v1/products", "name[a]=x", undefined, "name"],
      ["/v1/products", "name=x&name[a]=y", undefined, "name[a]"],
      ["/v1/products", "name=x&images=y", undefined, "images"],
      ["/v1/customers", "metadata[a][b]=x", undefined, "metadata[a]"],
      ["/v1/customers", `metadata[a]=${"x".repeat(501)}`, undefined, "metadata[a]"],
    ];
    for (const [path, body, code, param] of cases) {
      const [response, { error }] = await raw(`${sandbox.url}${path}`, { method: "POST", body });
      expect(response.status, body).to.equal(400);
      expect([error.code, error.param], body).to.deep.equal([code, param]);
    }
    const [list, { error }] = await raw(`${sandbox.url}/v1/customers?limit=101`);
    expect([list.status, error.param]).to.deep.equal([400, "limit"]);
  });

  it("keeps names such as __proto__ harmless", async () => {
    const { sandbox } = await startRig();
    const [response] = await raw(`${sandbox.url}/v1/customers`, {
      method: "POST",
      body: "metadata[__proto__]=x&__proto__[polluted]=1",
    });
    expect(response.status).to.equal(400);
    expect(Reflect.get({}, "polluted")).to.equal(undefined);
  });

  it("pages through lists in both directions", async () => {
    const { stripe } = await startRig();
    const created: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      created.unshift((await stripe.customers.create({ name: `n${index}` })).id);
    }
    const first = await stripe.customers.list({ limit: 3 });
    expect(first.data.map(({ id }) => id)).to.deep.equal(created.slice(0, 3));
    expect(first).to.include({ has_more: true, url: "/v1/customers" });
    const back = await stripe.customers.list({ limit: 2, ending_before: created[4] ?? "" });
    expect(back.data.map(({ id }) => id)).to.deep.equal(created.slice(2, 4));
    expect(back.has_more).to.equal(true);
    const all: string[] = [];
    for await (const { id } of stripe.customers.list({ limit: 2 })) {
      all.push(id);
    }
    expect(all).to.deep.equal(created);
    const lost = await refusal(stripe.customers.list({ starting_after: "cus_none" }));
    expect(lost).to.include({ code: "resource_missing", param: "starting_after" });
  });

  it("reads back every form it is sent (property)", () => {
    const leaf = fc.string();
    const name = fc.stringMatching(/^[a-z_]{1,8}$/);
    const tree = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.array(tie("value"), { minLength: 1, maxLength: 4 }),
        fc.dictionary(name, tie("value"), { minKeys: 1, maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(fc.dictionary(name, tree, { maxKeys: 5 }), (values) => {
        const form = new URLSearchParams(flatten(values)).toString();
        expect(plain(parseForm(form))).to.deep.equal(values);
      }),
    );
  });
});

function flatten(values: Record<string, unknown>): [string, string][] {
  const nested = (value: unknown, name: string): [string, string][] =>
    typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => nested(inner, `${name}[${key}]`))
      : [[name, String(value)]];
  return Object.entries(values).flatMap(([name, value]) => nested(value, name));
}

function plain(hash: FormHash): unknown {
  return JSON.parse(JSON.stringify(hash));
}
