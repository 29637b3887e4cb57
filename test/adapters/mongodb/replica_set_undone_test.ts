import { expect } from "chai";
import { type MongoStore, openMongoStore } from "../../../src/adapters/mongodb/open_mongo_store.ts";
import { inTurn } from "../../../src/application/in_turn.ts";
import { AppendToLedger } from "../../../src/application/tokens/append_to_ledger.ts";
import { NO_LEDGER_KEYS } from "../../../src/domain/tokens/ledger_keys.ts";
import { nextEntry } from "../../../src/domain/tokens/token_ledger.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { MongoProxy, soleHost, throughSet } from "../../mongodb_server/mongo_proxy.ts";
import type { WireDocument } from "../../mongodb_server/wire.ts";
import { fullAccount } from "../../samples/account.ts";
import { NOW } from "../../samples/dates.ts";

await describeOnMongodb("What a failover undoes", ({ url, server }) => {
  const target = soleHost(url);
  if (target === undefined) {
    it("DID NOT RUN: answers are played for servers with one host and without TLS only", () => {
      expect(server).to.equal("MONGODB_URL");
    });
    return;
  }
  let proxy: MongoProxy;
  let store: MongoStore;
  let direct: MongoStore;

  before(async () => {
    proxy = new MongoProxy(target, { playsSet: true });
    direct = await openMongoStore({ url, autoIndex: server !== "FerretDB" });
    const proxied = throughSet(url, await proxy.open(), "maxPoolSize=5");
    store = await openMongoStore({ url: proxied, autoIndex: false });
  });
  beforeEach(() => proxy.become("pass"));
  after(async () => {
    await Promise.all([store.close(), direct.close()]);
    proxy.close();
  });

  /** Shows a change that only this primary has to whoever does not ask for what lasts. */
  function showUndone(change: WireDocument): void {
    proxy.become(({ name, document }) =>
      name === "find" && document.readConcern?.level !== "majority"
        ? { do: "change", change: (answer) => changed(answer, change) }
        : { do: "pass" },
    );
  }

  it("P30 no entry of a ledger follows one that is undone", async () => {
    const tenantId = "t_undone";
    const { ledger, reservations } = store;
    const ports = { ledger, reservations, ledgerTurns: inTurn(), ledgerKeys: NO_LEDGER_KEYS };
    const appendToLedger = new AppendToLedger({ ...ports, followHead: () => undefined });
    const append = (key: string) =>
      appendToLedger.execute({
        tenantId,
        decide: (last) => ({
          append: nextEntry(
            last,
            { tenantId, key, kind: "pack", at: NOW },
            { packs: last?.seq ?? 0 },
          ),
        }),
      });
    await append("kept");
    showUndone({ seq: 2, key: "undone" });
    await append("next");
    const [next, kept] = await direct.ledger.list(tenantId, { limit: 9 });
    expect(next).to.include({ seq: 2, key: "next", previousHash: kept?.hash });
  });

  it("P30 an entry that is undone is not told as recorded", async () => {
    showUndone({ key: "undone" });
    expect(await store.ledger.find("t_undone", "kept")).to.include({ key: "kept" });
  });

  it("P10 an account is not saved over another by what it said before that was undone", async () => {
    const account = fullAccount({ tenantId: "t_undone", customerId: null });
    await direct.accounts.save(account);
    showUndone({ revision: 2 });
    const seen = await store.accounts.find("t_undone");
    expect(await direct.accounts.save({ ...account, revision: 1 })).to.equal("saved");
    expect(await store.accounts.save({ ...account, revision: seen?.revision ?? 0 })).to.equal(
      "conflict",
    );
  });
});

function changed(answer: WireDocument, change: WireDocument): WireDocument {
  const { cursor } = answer;
  const firstBatch = cursor.firstBatch.map((one: WireDocument) => ({ ...one, ...change }));
  return { ...answer, cursor: { ...cursor, firstBatch } };
}
