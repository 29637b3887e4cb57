import { expect } from "chai";
import { type MongoStore, openMongoStore } from "../../../src/adapters/mongodb/open_mongo_store.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { expectPortError, tally } from "../../contracts/contract_subject.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import {
  type Decide,
  MongoProxy,
  soleHost,
  throughProxy,
  throughSet,
} from "../../mongodb_server/mongo_proxy.ts";
import { DEPOSED } from "../../mongodb_server/wire_weather.ts";
import { sampleEntry } from "../../samples/ledger.ts";
import { fill, READS, WRITES, type Write } from "./replica_set_calls.ts";
import {
  type Disturbance,
  OF_CURSORS,
  OF_READS,
  OF_WRITES,
  type Seen,
  takesPlace,
} from "./replica_set_replies.ts";

const WRITING = ["insert", "update", "findAndModify", "delete"];
const READING = ["find", "aggregate"];
const QUICK = "heartbeatFrequencyMS=500&minHeartbeatFrequencyMS=5&maxPoolSize=20";
/** More than one answer of the server. */
const LONG_LEDGER = 501;
const SERVER_SELECTION_MS = 1_000;

/** Lets a disturbance befall the first commands of some names; the rest passes. */
function first(names: readonly string[], { fate, times = 1 }: Disturbance): Decide {
  let left = times;
  return ({ name }) => {
    if (left === 0 || !names.includes(name)) {
      return { do: "pass" };
    }
    left -= 1;
    return fate;
  };
}

const DEPLOYMENTS = { "a replica set": true, "a standalone server": false } as const;

for (const [deployment, isSet] of Object.entries(DEPLOYMENTS)) {
  await describeOnMongodb(`MongoStore on ${deployment} that answers`, ({ url, server }) => {
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
    let tenants = 0;

    before(async () => {
      proxy = new MongoProxy(target, { playsSet: isSet });
      const host = await proxy.open();
      const proxied = isSet ? throughSet(url, host, QUICK) : throughProxy(url, host, QUICK);
      direct = await openMongoStore({ url, autoIndex: server !== "FerretDB" });
      const serverSelectionTimeoutMs = SERVER_SELECTION_MS;
      store = await openMongoStore({ url: proxied, autoIndex: false, serverSelectionTimeoutMs });
      await fill(direct);
    });
    beforeEach(() => proxy.become("pass"));
    after(async () => {
      proxy.become("pass");
      await Promise.all([store.close(), direct.close()]);
      proxy.close();
    });

    async function expectFailure(call: Promise<unknown>, seen: Seen, title: string) {
      const error = await expectPortError(call);
      expect(error.transient, `${title}: ${error.message}`).to.equal(seen === "transient");
    }

    async function length(tenantId: string): Promise<number> {
      let count = 0;
      for await (const _ of store.ledger.entries(tenantId)) {
        count += 1;
      }
      return count;
    }

    /** A call in a disturbance has at most one effect, and exactly one when it is repeated. */
    async function disturb(title: string, write: Write, kind: Disturbance, seen: Seen) {
      tenants += 1;
      const id = `t_${tenants}`;
      await write.prepare?.(direct, id);
      proxy.become(first(WRITING, kind));
      const [answer, again] = write.answers;
      const [never, once] = write.effects;
      if (seen === "nothing") {
        expect(await write.call(store, id), title).to.deep.equal(answer);
        expect(await write.effect(direct, id), title).to.deep.equal(once);
      } else {
        await expectFailure(write.call(store, id), seen, title);
        proxy.become("pass");
        const effect = await write.effect(direct, id);
        const tookPlace = write.inParts === true ? effect === once : takesPlace(kind);
        expect(effect, title).to.deep.equal(tookPlace ? once : never);
        if (write.answers.length > 1) {
          const repeated = await write.call(store, id);
          expect(repeated, `${title}, repeated`).to.deep.equal(tookPlace ? again : answer);
          expect(await write.effect(direct, id), `${title}, repeated`).to.deep.equal(once);
        }
      }
    }

    for (const [title, kind] of Object.entries(OF_WRITES)) {
      const seen = isSet || kind.seen !== "nothing" ? kind.seen : "transient";
      it(`P08 ${title}: every write has one effect, and callers see ${seen}`, async () => {
        for (const [name, write] of Object.entries(WRITES)) {
          await disturb(name, write, kind, seen);
        }
      });
    }

    for (const [title, kind] of Object.entries(OF_READS)) {
      it(`P08 ${title}: of a read callers see ${kind.seen}`, async () => {
        for (const [name, read] of Object.entries(READS)) {
          const expected = await read(direct);
          proxy.become(first(READING, kind));
          if (kind.seen === "nothing") {
            expect(await read(store), name).to.deep.equal(expected);
          } else {
            await expectFailure(read(store), kind.seen, name);
          }
        }
      });
    }

    it("P30 a long ledger whose cursor is lost is not taken for a short one", async function () {
      this.timeout(120_000);
      const tenantId = "t_long";
      for (let seq = 1; seq <= LONG_LEDGER; seq += 1) {
        await direct.ledger.append(sampleEntry(seq, { tenantId }));
      }
      for (const [title, kind] of Object.entries(OF_CURSORS)) {
        proxy.become(first(["getMore"], kind));
        await expectFailure(length(tenantId), kind.seen, title);
      }
      proxy.become("pass");
      expect(await length(tenantId)).to.equal(LONG_LEDGER);
    });

    it("P23 a duplicate that others may not have is not taken for one", async () => {
      tenants += 1;
      const entry = sampleEntry(1, { tenantId: `t_${tenants}` });
      await direct.ledger.append(entry);
      const writeConcernError = { code: 64, errmsg: "waiting for replication timed out" };
      const change = (answer: object) => ({ ...answer, writeConcernError });
      proxy.become(first(WRITING, { fate: { do: "change", change }, seen: "transient" }));
      await expectFailure(Promise.resolve(store.ledger.append(entry)), "transient", "append");
      expect(await store.ledger.append(entry)).to.equal("key_taken");
    });

    it("P10 all connections are lost amid writes: each has one effect, or none and says so", async () => {
      const ids = Array.from({ length: 20 }, (_, index) => `t_lost_${index}`);
      let commands = 0;
      proxy.become(({ name }) => {
        commands += WRITING.includes(name) ? 1 : 0;
        return { do: commands === 10 ? "cut_after" : "pass", beforeMs: 5 };
      });
      const answers = await Promise.all(
        ids.map(async (tenantId) => {
          try {
            return await store.ledger.append(sampleEntry(1, { tenantId }));
          } catch (error) {
            expect(error).to.be.instanceOf(PortError).with.property("transient", true);
            return "failed" as const;
          }
        }),
      );
      const lengths = await Promise.all(
        ids.map(async (tenantId) => (await direct.ledger.list(tenantId, { limit: 9 })).length),
      );
      const lost = answers.filter((answer, index) => answer !== "failed" && lengths[index] !== 1);
      expect(lost).to.deep.equal([]);
      expect(Math.max(...lengths)).to.equal(1);
      expect(tally(answers).failed ?? 0).to.be.at.most(isSet ? 0 : 20);
    });

    if (isSet) {
      const deposed = { do: "answer", answer: { ok: 0, ...DEPOSED.before } } as const;
      const elect = (hasPrimary: boolean) => {
        if (proxy.set !== undefined) {
          proxy.set.hasPrimary = hasPrimary;
        }
        proxy.become(hasPrimary ? "pass" : () => deposed);
      };
      const append = async (id: string) =>
        await store.ledger.append(sampleEntry(1, { tenantId: id }));

      it("P34 an election is waited for, and nothing is lost or done twice", async () => {
        elect(false);
        await expectPortError(append("t_election_0"));
        const waiting = Promise.all(["t_election_1", "t_election_2"].map(append));
        elect(true);
        expect(await waiting).to.deep.equal(["appended", "appended"]);
        expect(await append("t_election_0")).to.equal("appended");
      });

      it("P34 an election that takes too long is transient, in time", async () => {
        elect(false);
        await expectPortError(append("t_election_3"));
        const begin = performance.now();
        await expectFailure(append("t_election_3"), "transient", "append");
        expect(performance.now() - begin).to.be.below(SERVER_SELECTION_MS + 4_000);
        elect(true);
        expect(await append("t_election_3")).to.equal("appended");
      });
    }
  });
}
