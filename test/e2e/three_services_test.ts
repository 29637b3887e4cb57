import { createHmac } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { type Sandbox, startSandbox } from "../../sandbox/mod.ts";
import { type RunningServer, serve } from "../../src/adapters/http/server/serve.ts";
import { publishCatalog } from "../../src/composition/publish_catalog.ts";
import type { EmbeddedBilling } from "../../src/mod.ts";
import { exampleBelow, runDecorated, runExample } from "../docs/run_example.ts";
import { memoryLogger, type Received, send } from "../rig/service_rig.ts";
import { GOOD_CARD } from "../rig/started_billing.ts";
import { temporaryFolder } from "../rig/temporary_folder.ts";

const TENANT = "clhosted001";
const PAGE = "https://app.example.com/billing";
const SECRET = "whsec_three_services";
const JSON_ONLY = { "Content-Type": "application/json" };
const AS_ADA = { ...JSON_ONLY, "X-Session": "ada", "X-Tenant-Id": TENANT };
const SERVICES = ["A send API with a quota", "NestJS", "A worker"];

interface NestApplication {
  getUrl(): Promise<string>;
  close(): Promise<void>;
}

describe("three services on one database, as docs/embedding.md shows them", () => {
  const folder = temporaryFolder();
  let sandbox: Sandbox;
  let sendApi: RunningServer;
  let quota: Pick<EmbeddedBilling, "readUsage" | "close">;
  let nest: NestApplication;
  let aiUrl = "";
  let worker: EmbeddedBilling;
  let heard: string[] = [];
  let hooks: Server;
  const arrived: { body: string; signature: string; type: string }[] = [];

  before(async () => {
    sandbox = await startSandbox({ port: 0, retryDelaysMs: [] });
    const env = {
      BILLING_DB: `${folder.path}/billing.db`,
      LOG_LEVEL: "silent",
      PORT: "0",
      STRIPE_SECRET_KEY: "sk_test_three",
      STRIPE_WEBHOOK_SECRET: SECRET,
      STRIPE_URL: sandbox.url,
      WEBHOOKS_TO_PRIVATE_ADDRESSES: "true",
    };
    const working = await runExample<{ billing: EmbeddedBilling; heard: string[] }>(
      "A worker",
      env,
    );
    worker = working.billing;
    heard = working.heard;
    await publishCatalog("plans.json", worker.syncCatalog);
    const sending = await runExample<{ app: RequestListener; billing: typeof quota }>(
      "A send API with a quota",
      env,
    );
    quota = sending.billing;
    const { logger } = memoryLogger();
    sendApi = await serve(sending.app, { port: 0, host: "127.0.0.1", logger });
    ({ app: nest } = await runDecorated<{ app: NestApplication }>("NestJS", env));
    aiUrl = await nest.getUrl();
    sandbox.addWebhookEndpoint({ url: `${aiUrl}/billing/webhook`, secret: SECRET });
    hooks = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) {
        chunks.push(chunk);
      }
      arrived.push({
        body: Buffer.concat(chunks).toString(),
        signature: String(request.headers["x-mailingcore-signature"]),
        type: String(request.headers["x-mailingcore-event"]),
      });
      response.end();
    });
    await new Promise<void>((resolve) => hooks.listen(0, "127.0.0.1", resolve));
  });

  after(async () => {
    hooks.close();
    await nest.close();
    await sendApi.close(0);
    await quota.close();
    await worker.close();
    await sandbox.close();
    folder.remove();
  });

  function ai(path: string, body?: object, headers: Record<string, string> = AS_ADA) {
    return send(`${aiUrl}${path}`, { headers, body });
  }

  async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!(await isSo()) && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function pay(): Promise<void> {
    const wish = { planSlug: "starter", successUrl: PAGE, cancelUrl: PAGE };
    const chosen = await ai("/billing/checkout", wish);
    expect(chosen.status, chosen.text).to.equal(200);
    const faults = { route: "GET /v1/subscriptions", status: 500, times: 6 };
    await control("/faults", faults);
    const session = String(chosen.body.url).split("/").at(-1);
    await control(`/checkout/${session}/complete`, { card: GOOD_CARD });
  }

  async function control(path: string, body: object): Promise<void> {
    const { status } = await send(`${sandbox.url}/_sandbox${path}`, { body, headers: JSON_ONLY });
    expect(status, path).to.equal(200);
    await sandbox.settled();
  }

  const mail = (count: number): Promise<Received> =>
    send(`${sendApi.url}/emails`, {
      headers: AS_ADA,
      body: { to: Array(count).fill("reader@example.com"), subject: "Hello" },
    });

  it("each is shorter than sixty lines", () => {
    for (const service of SERVICES) {
      const lines = exampleBelow(service, "ts").trim().split("\n");
      expect(lines.length, service).to.be.within(10, 59);
    }
  });

  it("P08 P40 P41 count sends, spend tokens, survive Stripe's failures, and hear of an upgrade", async () => {
    const { port } = hooks.address() as AddressInfo;
    const added = await worker.addWebhookEndpoint.execute({
      url: `http://127.0.0.1:${port}/billing`,
      events: ["subscription.activated", "quota.exceeded"],
    });
    const secret = added.type === "saved" ? added.secret : "";
    await worker.deliverNotifications.execute({ limit: 1 });

    expect((await mail(100)).status).to.equal(202);
    expect((await mail(11)).status, "beyond the free plan").to.equal(429);

    await pay();
    await until(async () => (await ai("/billing/subscription")).body.planSlug === "starter");
    expect((await ai("/billing/subscription")).body).to.include({
      planSlug: "starter",
      status: "active",
    });
    expect((await mail(11)).status, "within the new plan").to.equal(202);

    const before = (await worker.readTokens.execute({ tenantId: TENANT, limit: 1 })).balance;
    const answer = await ai("/complete", { prompt: "hello", maxTokens: 50 });
    expect([answer.status, answer.body.text], answer.text).to.deep.equal([201, "HELLO"]);
    const spent = async () =>
      before.available -
      (await worker.readTokens.execute({ tenantId: TENANT, limit: 1 })).balance.available;
    await until(async () => (await spent()) === 5);
    expect(await spent()).to.equal(5);
    const tooMuch = await ai("/complete", { prompt: "hello", maxTokens: before.available });
    expect([tooMuch.status, tooMuch.body.code]).to.deep.equal([402, "insufficient_tokens"]);
    expect((await ai("/complete", {}, JSON_ONLY)).status, "nobody is signed in").to.equal(403);

    await until(() => arrived.length >= 2 && heard.length > 0);
    expect(arrived.map(({ type }) => type)).to.have.members([
      "quota.exceeded",
      "subscription.activated",
    ]);
    expect(heard).to.deep.equal([`${TENANT} has paid`]);
    for (const { body, signature } of arrived) {
      const [, seconds = ""] = /^t=(\d+),/.exec(signature) ?? [];
      const signed = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
      expect(signature).to.equal(`t=${seconds},v1=${signed}`);
      expect(JSON.parse(body)).to.include({ tenantId: TENANT });
    }
  });
});
