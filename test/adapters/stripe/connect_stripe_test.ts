import type { IncomingMessage, ServerResponse } from "node:http";
import { inspect } from "node:util";
import { expect } from "chai";
import { Stripe } from "stripe";
import { connectStripe, type StripeOptions } from "../../../src/adapters/stripe/connect_stripe.ts";
import { STRIPE_API_VERSION } from "../../../src/adapters/stripe/create_stripe_client.ts";
import { connected, SECRET_KEY } from "./connected.ts";
import { fixture } from "./fixture.ts";
import { type LocalServer, startLocalServer } from "./local_server.ts";
import { rejectionOf } from "./rejection_of.ts";

const CUSTOMER = { tenantId: "acme_mail" };

describe("connectStripe", () => {
  let server: LocalServer | undefined;

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function gatewayTo(
    handle: (request: IncomingMessage, response: ServerResponse) => void,
    options: Partial<StripeOptions> = {},
  ) {
    server = await startLocalServer(handle);
    return connected({ baseUrl: server.origin, ...options }).gateway;
  }

  it("pins the API version that stripe-node is typed for", () => {
    expect(STRIPE_API_VERSION).to.equal(Stripe.API_VERSION);
  });

  it("P39 calls the host, port and protocol of baseUrl", async () => {
    const seen: { line: string; body: string; host: string | undefined; key: unknown }[] = [];
    const gateway = await gatewayTo(async (request, response) => {
      const body = (await request.toArray()).join("");
      const { method, url, headers } = request;
      seen.push({ line: `${method} ${url}`, body, host: headers.host, key: headers.authorization });
      response.end(JSON.stringify(fixture("customer")));
    });
    await gateway.createCustomer(CUSTOMER, "key");
    expect(seen).to.deep.equal([
      {
        line: "POST /v1/customers",
        body: "metadata[tenantId]=acme_mail",
        host: server?.origin.slice("http://".length),
        key: `Bearer ${SECRET_KEY}`,
      },
    ]);
  });

  it("P46 sends a key with any tenant's id in it, two different ones for two tenants", async () => {
    const keys: unknown[] = [];
    const gateway = await gatewayTo(({ headers }, response) => {
      keys.push(headers["idempotency-key"]);
      response.end(JSON.stringify(fixture("customer")));
    });
    const ids = ["acme_mail", "日本", "日本🎉", "ü".repeat(200), "a".repeat(300)];
    for (const tenantId of ids) {
      await gateway.createCustomer({ tenantId }, `customer:${tenantId}:0`);
    }
    expect(keys[0]).to.equal("customer:acme_mail:0");
    expect(new Set(keys).size).to.equal(ids.length);
    for (const key of keys) {
      expect(key).to.match(/^[\x20-\x7e]{1,255}$/);
    }
  });

  it("P08 gives up on a server that does not answer in time", async () => {
    const gateway = await gatewayTo(() => {}, { timeoutMs: 50 });
    const error = await rejectionOf(gateway.createCustomer(CUSTOMER, "key"));
    expect(error.message).to.include("Stripe did not answer in time");
    expect(error).to.include({ transient: true, keySpent: false });
    expect(inspect(error, { depth: null, showHidden: true })).to.not.include(SECRET_KEY);
  });

  it("P08 gives up on a server that starts an answer and never ends it", async () => {
    const gateway = await gatewayTo(
      (_request, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write('{"id":');
      },
      { timeoutMs: 50 },
    );
    const error = await rejectionOf(gateway.createCustomer(CUSTOMER, "key"));
    expect(error.message).to.include("Stripe did not answer in time");
    expect(error.transient).to.equal(true);
  });

  it("P08 P22 takes a connection that breaks off for transient, its key still good", async () => {
    const gateway = await gatewayTo((request) => request.socket.resetAndDestroy());
    const error = await rejectionOf(gateway.createCustomer(CUSTOMER, "key"));
    expect(error.message).to.include("Stripe could not be reached");
    expect(error).to.include({ transient: true, keySpent: false });
    expect(inspect(error, { depth: null, showHidden: true })).to.not.include(SECRET_KEY);
  });

  it("P08 takes a port that nobody listens on for transient", async () => {
    const gateway = await gatewayTo(() => {});
    await server?.close();
    const error = await rejectionOf(gateway.createCustomer(CUSTOMER, "key"));
    expect(error.transient).to.equal(true);
  });

  it("does not carry the key to where a redirect points", async () => {
    const paths: (string | undefined)[] = [];
    const gateway = await gatewayTo(({ url }, response) => {
      paths.push(url);
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    const error = await rejectionOf(gateway.createCustomer(CUSTOMER, "key"));
    expect(error.message).to.include("Stripe's answer is not JSON");
    expect(paths).to.deep.equal(["/v1/customers"]);
  });

  it("survives an answer without a body", async () => {
    const gateway = await gatewayTo((_request, response) => response.writeHead(204).end());
    const error = await rejectionOf(gateway.createCustomer(CUSTOMER, "key"));
    expect(error.message).to.include("Stripe's answer is not JSON");
  });

  const wrong: [string, Partial<StripeOptions>][] = [
    ["an empty key", { secretKey: "" }],
    ["a key with a line break", { secretKey: "sk_test_canary\n" }],
    ["a live key over plain http", { secretKey: "sk_live_canary", baseUrl: "http://proxy.local" }],
    ["a base URL that is none", { baseUrl: "localhost" }],
    ["a base URL with a path", { baseUrl: "http://127.0.0.1:12111/v1" }],
    ["a base URL with a password", { baseUrl: "http://a:sk_test_canary@127.0.0.1" }],
    ["a base URL of another protocol", { baseUrl: "ftp://127.0.0.1" }],
    ["no timeout", { timeoutMs: 0 }],
    ["a negative number of retries", { maxNetworkRetries: -1 }],
    ["no webhook secret", { webhookSecrets: [] }],
    ["no webhook tolerance", { webhookToleranceSeconds: 0 }],
  ];
  for (const [what, options] of wrong) {
    it(`cannot be made with ${what}, and repeats no secret`, () => {
      expect(() => connected(options))
        .to.throw(TypeError, /^Cannot /)
        .with.property("message")
        .that.does.not.include("canary");
    });
  }

  it("P02 allows deliveries 300 seconds by the system's clock unless told otherwise", async () => {
    const payload = JSON.stringify(fixture("event_invoice_paid"));
    const secret = "whsec_test";
    const bytes = new TextEncoder().encode(payload);
    const { verifier } = connectStripe({ secretKey: SECRET_KEY, webhookSecrets: [secret] });
    const fresh = await Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret });
    expect(await verifier.verify(bytes, fresh)).to.not.equal(undefined);
    const timestamp = 1788268800;
    const old = await Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret, timestamp });
    const late = connected({ clock: () => new Date((timestamp + 301) * 1000) });
    expect(await late.verifier.verify(bytes, old)).to.equal(undefined);
    const timely = connected({ clock: () => new Date((timestamp + 300) * 1000) });
    expect(await timely.verifier.verify(bytes, old)).to.not.equal(undefined);
  });
});
