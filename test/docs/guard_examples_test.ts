import type { RequestListener } from "node:http";
import { expect } from "chai";
import type { FastifyInstance } from "fastify";
import { serve } from "../../src/adapters/http/server/serve.ts";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import type { EmbeddedBilling } from "../../src/mod.ts";
import { memoryLogger, type Received, send } from "../rig/service_rig.ts";
import { useTemporaryFolder } from "../rig/temporary_folder.ts";
import { useMany } from "../rig/use_fresh.ts";
import { TENANT } from "../samples/account.ts";
import { sampleCatalog } from "../samples/catalog.ts";
import { exampleBelow, runExample } from "./run_example.ts";

interface Example<App> {
  readonly app: App;
  readonly billing: Pick<EmbeddedBilling, "readTokens" | "readUsage" | "close">;
}

describe("docs/embedding.md, its guards", () => {
  const inFolder = useTemporaryFolder();
  const start = useMany(async (heading: string) => {
    const path = inFolder("billing.db");
    const store = openSqliteStore(path);
    await store.catalog.save({ ...sampleCatalog(), revision: 0 });
    await store.close();
    const env = {
      BILLING_DB: path,
      STRIPE_SECRET_KEY: "sk_test_1",
      STRIPE_WEBHOOK_SECRET: "whsec_1",
    };
    const { app, billing } = await runExample<Example<RequestListener | FastifyInstance>>(
      heading,
      env,
    );
    const listener = "routing" in app ? app.routing : app;
    await ("ready" in app ? app.ready() : undefined);
    const server = await serve(listener, {
      port: 0,
      host: "127.0.0.1",
      logger: memoryLogger().logger,
    });
    const headers = { "Content-Type": "application/json", "X-Tenant-Id": TENANT };
    return {
      billing,
      post: (path: string, body: object): Promise<Received> =>
        send(`${server.url}${path}`, { body, headers }),
      close: async () => {
        await server.close(0);
        await billing.close();
      },
    };
  });

  it("P45 its domains end where the plan ends, with the answer that it shows", async () => {
    const { post } = await start("Domains, members, templates");
    expect((await post("/domains", { name: "example.com" })).status).to.equal(201);
    const { status, body } = await post("/domains", { name: "example.org" });
    expect(status).to.equal(422);
    const shown = JSON.parse(exampleBelow("Domains, members, templates", "json"));
    expect({ ...body, timestamp: shown.timestamp }).to.deep.equal(shown);
  });

  it("P28 its model takes what it has cost, and does not run without a balance", async () => {
    const { post, billing } = await start("AI tokens around a model");
    const balance = async () =>
      (await billing.readTokens.execute({ tenantId: TENANT, limit: 1 })).balance;
    const { status, body } = await post("/complete", { prompt: "hello", maxTokens: 100 });
    expect([status, body.text]).to.deep.equal([200, "HELLO"]);
    expect(await balance()).to.include({ monthly: 95, reserved: 0 });
    expect((await post("/complete", { prompt: "hello", maxTokens: 96 })).status).to.equal(402);
    expect(await balance()).to.include({ monthly: 95, reserved: 0 });
  });

  it("P40 its Fastify application counts, warns, gives back and refuses", async () => {
    const { post, billing } = await start("Fastify, and any other framework");
    const to = (count: number) => Array(count).fill("reader@example.com");
    const used = async () => (await billing.readUsage.execute({ tenantId: TENANT })).emails.used;
    const first = await post("/emails", { to: to(900), subject: "Hello" });
    expect([first.status, first.headers.get("X-Quota-Warning")]).to.deep.equal([202, "true"]);
    expect((await post("/emails", { to: to(100) })).status).to.equal(422);
    for (let turn = 0; turn < 1_000 && (await used()) !== 900; turn += 1) {
      await new Promise(setImmediate);
    }
    expect(await used()).to.equal(900);
    const refused = await post("/emails", { to: to(201), subject: "Hello" });
    expect([refused.status, refused.body.code]).to.deep.equal([429, "email_quota_exceeded"]);
    expect(refused.body.path).to.equal("/emails");
    expect(Number(refused.headers.get("Retry-After"))).to.be.greaterThan(0);
  });
});
