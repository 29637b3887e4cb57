import type { RequestListener } from "node:http";
import { expect } from "chai";
import { type Sandbox, startSandbox } from "../../sandbox/mod.ts";
import { type RunningServer, serve } from "../../src/adapters/http/server/serve.ts";
import { publishCatalog } from "../../src/composition/publish_catalog.ts";
import type { EmbeddedBilling } from "../../src/mod.ts";
import { runExample } from "../docs/run_example.ts";
import { memoryLogger, type Received, send } from "../rig/service_rig.ts";
import { GOOD_CARD } from "../rig/started_billing.ts";

const HEADERS = {
  "X-Session": "ada",
  "X-Tenant-Id": "clhosted001",
  "Content-Type": "application/json",
};
const JSON_ONLY = { "Content-Type": "application/json" };
const PAGE = "https://app.example.com/billing";
const SECRET = "whsec_embedded_host";

describe("docs/embedding.md, the routes and the webhook in a host's application", () => {
  let sandbox: Sandbox;
  let billing: EmbeddedBilling;
  let server: RunningServer;

  before(async () => {
    sandbox = await startSandbox({ port: 0, retryDelaysMs: [] });
    const env = {
      BILLING_DB: ":memory:",
      LOG_LEVEL: "silent",
      STRIPE_SECRET_KEY: "sk_test_host",
      STRIPE_WEBHOOK_SECRET: SECRET,
      STRIPE_URL: sandbox.url,
    };
    const heading = "The routes and the webhook in your application";
    const host = await runExample<{ app: RequestListener; billing: EmbeddedBilling }>(heading, env);
    billing = host.billing;
    await publishCatalog("plans.json", billing.syncCatalog);
    const { logger } = memoryLogger();
    server = await serve(host.app, { port: 0, host: "127.0.0.1", logger });
    sandbox.addWebhookEndpoint({ url: `${server.url}/billing/webhook`, secret: SECRET });
  });

  after(async () => {
    await server.close(0);
    await billing.close();
    await sandbox.close();
  });

  async function control(path: string, body: object): Promise<void> {
    const { status } = await send(`${sandbox.url}/_sandbox${path}`, { body, headers: JSON_ONLY });
    expect(status, path).to.equal(200);
    await sandbox.settled();
  }

  async function ask(path: string, body?: object): Promise<Received> {
    return await send(`${server.url}/billing${path}`, { headers: HEADERS, body });
  }

  it("P08 P40 has its paying tenant active although Stripe failed while the events came", async () => {
    const chosen = await ask("/checkout", { planSlug: "pro", successUrl: PAGE, cancelUrl: PAGE });
    expect(chosen.status).to.equal(200);
    await control("/faults", { route: "GET /v1/subscriptions", status: 500, times: 6 });
    const session = String(chosen.body.url).split("/").at(-1);
    await control(`/checkout/${session}/complete`, { card: GOOD_CARD });
    const deadline = Date.now() + 60_000;
    while ((await ask("/subscription")).body.planSlug !== "pro" && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { body } = await ask("/subscription");
    expect(body).to.include({ planSlug: "pro", status: "active" });
    const { events } = await billing.listEvents.execute({ limit: 100 });
    expect(events.filter(({ attempts }) => attempts > 1)).not.to.be.empty;
  });
});
