import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { openMongoStore } from "../../src/adapters/mongodb/open_mongo_store.ts";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import { describeOnMongodb } from "../mongodb_server/describe_on_mongodb.ts";
import { MongoProxy, soleHost, throughProxy } from "../mongodb_server/mongo_proxy.ts";
import { type Received, startTestService, type TestService } from "../rig/service_rig.ts";
import { useTemporaryFolder } from "../rig/temporary_folder.ts";
import { TENANT } from "../samples/account.ts";
import { CATALOG, token } from "../samples/http.ts";

const DEBITS = 64;
/** What is promised, and time for a machine with other work to do. Milliseconds. */
const LONGEST_WAIT_MS = 6_000;

/** A database that can be made to answer nothing for a while. */
interface Hangable {
  readonly store: BillingStore;
  hang(): void;
  recover(): void;
  close(): Promise<void>;
}

/** The tests, over HTTP, against a database that really hangs. */
function hanging(open: () => Promise<Hangable>): void {
  let database: Hangable;
  let service: TestService;

  beforeEach(async () => {
    database = await open();
    const { store } = database;
    const plans = CATALOG.plans.map((plan) => ({ ...plan, tokensIncludedMonth: 1_000 }));
    await store.catalog.save({ ...CATALOG, plans, revision: 0 });
    service = await startTestService({ store: () => store });
  });
  afterEach(async () => {
    database.recover();
    await service.close();
    await database.close();
  });

  const claims = { sub: "worker", scope: "billing:tokens billing:usage", tenants: "*" };
  const headers = () => ({ Authorization: `Bearer ${token(claims)}`, "X-Tenant-Id": TENANT });

  async function timed(call: Promise<Received>): Promise<Received & { waitedMs: number }> {
    const begin = performance.now();
    const answer = await call;
    return { ...answer, waitedMs: performance.now() - begin };
  }

  const debit = (key: string) =>
    timed(service.send("/billing/tokens/debits", { headers: headers(), body: { key, amount: 1 } }));
  const send = () =>
    timed(service.send("/billing/usage/emails", { headers: headers(), body: { count: 1 } }));

  it(`P34 ${DEBITS} debits and a send end within 6 s with 503, and others are served meanwhile`, async function () {
    this.timeout(120_000);
    expect((await debit("before")).status).to.equal(200);
    database.hang();
    const calls = [...Array.from({ length: DEBITS }, (_, call) => debit(`call_${call}`)), send()];
    const alive = await timed(service.send("/healthz"));
    const answers = await Promise.all(calls);
    const longestMs = Math.max(...answers.map(({ waitedMs }) => waitedMs));
    expect(alive.status, "what needs no database").to.equal(200);
    expect(alive.waitedMs).to.be.below(Math.min(...answers.map(({ waitedMs }) => waitedMs)));
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([503]));
    expect(answers.every((answer) => answer.headers.has("Retry-After"))).to.equal(true);
    process.stderr.write(
      `      ${DEBITS} debits: the longest waited ${Math.round(longestMs)} ms\n`,
    );
    expect(longestMs).to.be.below(LONGEST_WAIT_MS);
    database.recover();
    expect((await debit("after")).status).to.equal(200);
    expect((await send()).status).to.equal(200);
  });
}

describe("A database that hangs (SQLite, locked by another connection)", () => {
  const inFolder = useTemporaryFolder();
  hanging(async () => {
    const path = inFolder("billing.db");
    const store = openSqliteStore(path);
    const other = new DatabaseSync(path);
    return {
      store,
      hang: () => other.exec("BEGIN IMMEDIATE"),
      recover: () => {
        if (other.isTransaction) {
          other.exec("ROLLBACK");
        }
      },
      close: async () => other.close(),
    };
  });
});

await describeOnMongodb("A database that hangs", ({ url, server }) => {
  const target = soleHost(url);
  if (target === undefined) {
    it("DID NOT RUN: it is played for servers with one host and without TLS only", () => {
      expect(server).to.equal("MONGODB_URL");
    });
    return;
  }
  hanging(async () => {
    const proxy = new MongoProxy(target);
    const proxied = throughProxy(url, await proxy.open(), "maxPoolSize=5");
    return {
      store: await openMongoStore({ url: proxied, autoIndex: true }),
      hang: () => proxy.become("hang"),
      recover: () => proxy.become("pass"),
      close: async () => proxy.close(),
    };
  });
});
