import { expect } from "chai";
import Stripe from "stripe";
import { type Sandbox, startSandbox } from "../sandbox/mod.ts";
import { readCatalogFile } from "../src/adapters/catalog_file/catalog_file.ts";
import { openSqliteStore } from "../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../src/adapters/stripe/connect_stripe.ts";
import { createBilling, type EmbeddedBilling, PortError } from "../src/mod.ts";

const TENANT = "clembedded01";
const SECRET = "whsec_embedded";
const URLS = {
  successUrl: "https://app.example.com/billing?paid",
  cancelUrl: "https://app.example.com/billing",
};

describe("createBilling", () => {
  let sandbox: Sandbox;
  let billing: EmbeddedBilling;

  beforeEach(async () => {
    sandbox = await startSandbox({ port: 0, now: () => Date.parse("2026-11-23T10:00:00Z") });
    billing = createBilling({
      store: openSqliteStore(":memory:"),
      payments: connectStripe({
        secretKey: "sk_test_embedded",
        webhookSecrets: [SECRET],
        baseUrl: sandbox.url,
      }),
      clock: () => sandbox.now(),
      workersElsewhere: true,
      settings: {
        livemode: false,
        dashboardUrl: "https://app.example.com/billing",
        ledgerKeys: [`2026:${"k".repeat(32)}`],
      },
    });
    await billing.syncCatalog.execute(await readCatalogFile("plans.json"));
  });

  afterEach(async () => {
    await billing.close();
    await sandbox.close();
  });

  async function pay(url: string): Promise<void> {
    const session = url.split("/").at(-1);
    const response = await fetch(`${sandbox.url}/_sandbox/checkout/${session}/complete`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ card: "4242424242424242" }),
    });
    expect(response.status).to.equal(200);
  }

  /** All events of the sandbox as deliveries, the newest first. */
  async function deliveries(): Promise<{ rawBody: Uint8Array; signature: string }[]> {
    const response = await fetch(`${sandbox.url}/v1/events?limit=100`, {
      headers: { authorization: "Bearer sk_test_embedded" },
    });
    const { data } = (await response.json()) as { data: object[] };
    return await Promise.all(
      data.map(async (event) => {
        const payload = JSON.stringify(event);
        const signature = await Stripe.webhooks.generateTestHeaderStringAsync({
          payload,
          secret: SECRET,
        });
        return { rawBody: new TextEncoder().encode(payload), signature };
      }),
    );
  }

  async function start(): Promise<string> {
    const started = await billing.startCheckout.execute({
      tenantId: TENANT,
      planSlug: "pro",
      ...URLS,
    });
    if (started.type !== "started") {
      throw new Error(`Expected a Checkout, got "${started.type}"`);
    }
    return started.url;
  }

  it("P40 wires every use case, each with one execute", () => {
    const { close, startWorkers, on, causes, backgroundRate, requestCounts, ...useCases } = billing;
    expect(requestCounts.count("a")).to.include({ hits: 1, isShared: true });
    expect(close).to.be.a("function");
    expect(startWorkers).to.be.a("function");
    expect(on).to.be.a("function");
    expect(backgroundRate(), "requests per second for reconciliation").to.be.greaterThan(0);
    expect(causes.current()).to.deep.equal({ type: "service" });
    expect(Object.keys(useCases)).to.include.members(["startCheckout", "spendTokens"]);
    for (const [name, useCase] of Object.entries(useCases)) {
      expect(useCase, name).to.have.property("execute").that.is.a("function");
    }
  });

  it("P40 takes a tenant from the plans to a paid subscription without HTTP", async () => {
    const plans = await billing.listPlans.execute();
    expect(plans.map(({ slug }) => slug)).to.include("pro");
    await pay(await start());
    for (const delivery of await deliveries()) {
      const received = await billing.receiveStripeEvent.execute(delivery);
      if (received.type !== "stored") {
        throw new Error("Expected a genuine event");
      }
      const handled = await billing.handleStripeEvent.execute(received);
      expect(handled).to.have.nested.property("outcome.state").that.is.oneOf(["done", "ignored"]);
    }
    const subscription = await billing.readSubscription.execute({ tenantId: TENANT });
    expect(subscription).to.include({ planSlug: "pro", status: "active", interval: "month" });
    expect(subscription.tokens).to.include({ monthly: 50_000, available: 50_000 });
    const portal = await billing.openPortal.execute({ tenantId: TENANT });
    expect(portal.type).to.equal("opened");
  });

  it("P21 needs no event when the embedding service looks by itself", async () => {
    await pay(await start());
    const account = await billing.synchronizeTenant.look({ tenantId: TENANT });
    expect(account.subscription?.status).to.equal("active");
    const { tokens } = await billing.readSubscription.execute({ tenantId: TENANT });
    expect(tokens.monthly).to.equal(50_000);
  });

  it("keeps tenants apart (P35)", async () => {
    await pay(await start());
    await billing.synchronizeTenant.look({ tenantId: TENANT });
    const other = await billing.readSubscription.execute({ tenantId: "clother0001" });
    expect(other).to.include({ planSlug: "free", status: "active" });
    expect(await billing.openPortal.execute({ tenantId: "clother0001" })).to.deep.equal({
      type: "no_customer",
    });
  });

  it("says that it was closed instead of working on a store that is gone", async () => {
    await billing.close();
    const error = await billing.listPlans.execute().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(PortError);
  });
});
