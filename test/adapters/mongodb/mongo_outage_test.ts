import { expect } from "chai";
import { type MongoStore, openMongoStore } from "../../../src/adapters/mongodb/open_mongo_store.ts";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import { expectPortError, tally } from "../../contracts/contract_subject.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { MongoProxy, soleHost, throughProxy } from "../../mongodb_server/mongo_proxy.ts";
import { fullAccount } from "../../samples/account.ts";
import { fullCatalog } from "../../samples/catalog.ts";
import { afterNow, NOW } from "../../samples/dates.ts";
import { fullEvent, lease } from "../../samples/events.ts";
import { sampleEntry } from "../../samples/ledger.ts";
import { useMongoStores } from "./mongo_test_store.ts";

const DEADLINE_MS = 1_500;
const MARGIN_MS = 500;

const CALLS: Readonly<Record<string, (store: BillingStore) => Promise<unknown>>> = {
  "accounts.find": ({ accounts }) => accounts.find("clacme0001"),
  "accounts.findByCustomer": ({ accounts }) => accounts.findByCustomer("cus_acme"),
  "accounts.save of a new one": ({ accounts }) => accounts.save(fullAccount()),
  "accounts.save": ({ accounts }) => accounts.save(fullAccount({ revision: 1 })),
  "ledger.last": ({ ledger }) => ledger.last("clacme0001"),
  "ledger.append": async ({ ledger }) => await ledger.append(sampleEntry(1)),
  "ledger.list": ({ ledger }) => ledger.list("clacme0001", { limit: 1 }),
  "inbox.receive": ({ inbox }) => inbox.receive(fullEvent("evt_1"), NOW),
  "inbox.find": ({ inbox }) => inbox.find("evt_1"),
  "inbox.claim": ({ inbox }) => inbox.claim("evt_1", lease("a")),
  "inbox.settle": ({ inbox }) => inbox.settle("evt_1", "a", { state: "done" }),
  "inbox.due": ({ inbox }) => inbox.due({ now: NOW, receivedBefore: NOW, limit: 1 }),
  "catalog.read": ({ catalog }) => catalog.read(),
  "catalog.save": ({ catalog }) => catalog.save(fullCatalog({ revision: 1 })),
};

/** Errors with which a server that is going away, or is not the primary any more, answers. */
const FAILOVER = {
  NotWritablePrimary: 10_107,
  PrimarySteppedDown: 189,
  InterruptedDueToReplStateChange: 11_602,
  NotPrimaryNoSecondaryOk: 13_435,
  ShutdownInProgress: 91,
};

await describeOnMongodb("MongoStore in an outage", ({ url, server }) => {
  const target = soleHost(url);
  if (target === undefined) {
    it("DID NOT RUN: outages are simulated for servers with one host and without TLS only", () => {
      expect(server).to.equal("MONGODB_URL");
    });
    return;
  }

  let proxy: MongoProxy;
  let proxied: string;
  let store: MongoStore;
  let direct: MongoStore;
  const empty = useMongoStores({ url, server });

  beforeEach(async () => {
    await empty();
    proxy = new MongoProxy(target);
    proxied = throughProxy(url, await proxy.open(), "heartbeatFrequencyMS=500&maxPoolSize=5");
    store = await openMongoStore({
      url: proxied,
      autoIndex: false,
      operationTimeoutMs: DEADLINE_MS,
      serverSelectionTimeoutMs: 1_000,
      connectTimeoutMs: 1_000,
    });
    direct = await openMongoStore({ url, autoIndex: false });
  });

  afterEach(async () => {
    proxy.become("pass");
    await Promise.all([store.close(), direct.close()]);
    proxy.close();
  });

  async function expectTransient(call: Promise<unknown>, name: string): Promise<void> {
    const begin = performance.now();
    const error = await expectPortError(call);
    expect(error.transient, `${name}: ${error.message}`).to.equal(true);
    expect(performance.now() - begin, name).to.be.below(DEADLINE_MS + MARGIN_MS);
  }

  for (const mode of ["refuse", "hang", "lose_replies"] as const) {
    it(`P08 all calls fail as transient in time while connections ${mode}, then recover`, async () => {
      await store.accounts.save(fullAccount());
      proxy.become(mode);
      await Promise.all(
        Object.entries(CALLS).map(([name, call]) => expectTransient(call(store), name)),
      );
      proxy.become("pass");
      expect(await store.accounts.find("clacme0001")).to.deep.include({ tenantId: "clacme0001" });
      expect(await store.inbox.receive(fullEvent("evt_2"), NOW)).to.equal("received");
    });
  }

  for (const [name, code] of Object.entries(FAILOVER)) {
    it(`P08 ${name} is transient for every call, and the new primary is used then`, async () => {
      proxy.become({ ok: 0, code, codeName: name, errmsg: "not primary" });
      await Promise.all(
        Object.entries(CALLS).map(([title, call]) => expectTransient(call(store), title)),
      );
      proxy.become("pass");
      expect(await store.accounts.save(fullAccount())).to.equal("saved");
    });
  }

  it("a pool whose connections are all busy fails as transient in time", async () => {
    proxy.become("hang");
    const calls = Array.from({ length: 100 }, () => store.accounts.find("clacme0001"));
    await Promise.all(calls.map((call, index) => expectTransient(call, `call ${index}`)));
    proxy.become("pass");
    expect(await store.accounts.find("clacme0001")).to.equal(undefined);
  });

  it("P23 an append whose answer was lost is known by its key when it is repeated", async () => {
    await store.ledger.last("clacme0001");
    proxy.become("lose_replies");
    await expectTransient(Promise.resolve(store.ledger.append(sampleEntry(1))), "append");
    proxy.become("pass");
    expect(await store.ledger.append(sampleEntry(1))).to.equal("key_taken");
    expect(await direct.ledger.list("clacme0001", { limit: 9 })).to.deep.equal([sampleEntry(1)]);
  });

  it("P10 a save whose answer was lost is a conflict when it is repeated", async () => {
    await store.accounts.save(fullAccount());
    proxy.become("lose_replies");
    await expectTransient(store.accounts.save(fullAccount({ revision: 1 })), "save");
    proxy.become("pass");
    expect(await store.accounts.save(fullAccount({ revision: 1 }))).to.equal("conflict");
    expect((await direct.accounts.find("clacme0001"))?.revision).to.equal(2);
  });

  it("P03 an event whose answer was lost is stored once, and is due", async () => {
    proxy.become("lose_replies");
    await expectTransient(store.inbox.receive(fullEvent("evt_1"), NOW), "receive");
    proxy.become("pass");
    expect(await store.inbox.receive(fullEvent("evt_1"), afterNow(1))).to.equal("received");
    const due = { now: afterNow(9), receivedBefore: afterNow(9), limit: 9 };
    expect(await direct.inbox.due(due)).to.deep.equal(["evt_1"]);
  });

  it("P10 saves during a reset of all connections are made once or not at all", async () => {
    const saves = Array.from({ length: 30 }, (_, index) =>
      store.accounts.save(fullAccount({ tenantId: `t_tenant${index}`, customerId: null })),
    );
    const answers = Promise.all(saves.map((save) => save.catch(() => "failed" as const)));
    proxy.become("refuse");
    const counts = tally(await answers);
    proxy.become("pass");
    const found = await Promise.all(
      saves.map((_, index) => direct.accounts.find(`t_tenant${index}`)),
    );
    const stored = found.filter((account) => account !== undefined);
    expect(stored.every(({ revision }) => revision === 1)).to.equal(true);
    expect(stored.length).to.be.within(counts.saved ?? 0, 30);
  });

  for (const mode of ["refuse", "hang"] as const) {
    it(`opening fails as transient in time while connections ${mode}`, async () => {
      proxy.become(mode);
      const timeouts = { serverSelectionTimeoutMs: 500, connectTimeoutMs: 500 };
      await expectTransient(openMongoStore({ url: proxied, autoIndex: false, ...timeouts }), mode);
    });
  }
});
