import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import type { Quota } from "../../src/composition/create_quota.ts";
import { sampleCatalog, samplePlan } from "../samples/catalog.ts";
import { exampleBelow, runExample } from "./run_example.ts";

interface Example {
  readonly app: RequestListener;
  readonly billing: Pick<Quota, "readUsage" | "close">;
  readonly queue: readonly { tenantId: string; to: readonly string[] }[];
}

describe("docs/embedding.md", () => {
  let folder: string;
  let example: Example;
  let server: Server;
  let url: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "billing-embedding-"));
    const path = join(folder, "billing.db");
    const store = openSqliteStore(path);
    const plans = [
      samplePlan("free", 1, { monthlyEmailLimit: 100 }),
      samplePlan("starter", 2, { monthlyEmailLimit: 5_000 }),
    ];
    await store.catalog.save({ ...sampleCatalog(plans), revision: 0 });
    await store.close();
    example = await runExample("A send API with a quota", { BILLING_DB: path });
    server = createServer(example.app).listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/emails`;
  });

  after(async () => {
    server.closeAllConnections();
    server.close();
    await example.billing.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function post(recipients: number, content: object = { subject: "Hello" }) {
    const to = Array.from({ length: recipients }, (_, index) => `reader${index}@example.com`);
    return await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Tenant-Id": "clacme0001" },
      body: JSON.stringify({ to, ...content }),
    });
  }

  async function used(): Promise<number> {
    return (await example.billing.readUsage.execute({ tenantId: "clacme0001" })).emails.used;
  }

  it("P40 its send API counts, warns, gives back, and refuses as the page says", async () => {
    const first = await post(79);
    expect(first.status).to.equal(202);
    expect(await first.json()).to.deep.equal({ queued: 79 });
    expect(first.headers.get("X-Quota-Percentage")).to.equal("79");
    expect(first.headers.has("X-Quota-Warning")).to.equal(false);

    const rejected = await post(21, {});
    expect(rejected.status).to.equal(422);
    expect(rejected.headers.get("X-Quota-Used")).to.equal("100");

    for (let turn = 0; turn < 1_000 && (await used()) !== 79; turn += 1) {
      await new Promise(setImmediate);
    }
    expect((await post(1)).headers.get("X-Quota-Used")).to.equal("80");
    const grace = await post(30);
    expect(grace.status).to.equal(202);
    expect(grace.headers.get("X-Quota-Used")).to.equal("110");
    expect(grace.headers.get("X-Quota-Warning")).to.equal("true");

    const refused = await post(1);
    expect(refused.status).to.equal(429);
    const { timestamp, ...body } = (await refused.json()) as Record<string, unknown>;
    const shown = JSON.parse(exampleBelow("What the guard does", "json"));
    expect({ ...body, timestamp: "2026-06-30T12:00:00.000Z" }).to.deep.equal(shown);
    expect(timestamp).to.be.a("string");
    expect(Number(refused.headers.get("Retry-After"))).to.be.within(1, 31 * 86_400);
    expect(example.queue.map(({ to }) => to.length)).to.deep.equal([79, 1, 30]);
  });
});
