import { expect } from "chai";
import mongoose, { mongo } from "mongoose";
import { openMongoStore } from "../../../src/adapters/mongodb/open_mongo_store.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { afterNow, NOW } from "../../samples/dates.ts";
import { sampleEntry } from "../../samples/ledger.ts";
import { sampleDecide } from "../../samples/quota.ts";
import { describeOnMongodb } from "../describe_on_mongodb.ts";

const TENANT = "t_failover";
const PATIENCE_MS = 3 * 60_000;
/** Writes before, and after there is a primary again. */
const WRITES = 200;
/** What a call may take, and time for a machine with other work to do. */
const LONGEST_CALL_MS = 6_000;

await describeOnMongodb("A primary that steps down", ({ url }) => {
  it("P10 P34 amid writes: each takes place once, none waits for long, and all goes on", async function () {
    this.timeout(PATIENCE_MS + 60_000);
    const store = await openMongoStore({ url, autoIndex: true });
    const admin = await mongoose.createConnection(url).asPromise();
    const { db } = admin;
    if (db === undefined) {
      throw new Error("Cannot ask the server: it is not connected");
    }
    const term = async (): Promise<number> => {
      const { electionId } = await db.command({ hello: 1 }, { readPreference: "primary" });
      return Number.parseInt(String(electionId).slice(8), 16);
    };
    let [longestMs, failed] = [0, 0];
    const untilDone = async <T>(work: () => Promise<T>): Promise<T> => {
      for (;;) {
        const begin = performance.now();
        try {
          return await work();
        } catch (error) {
          expect(error).to.be.instanceOf(PortError).with.property("transient", true);
          failed += 1;
        } finally {
          longestMs = Math.max(longestMs, performance.now() - begin);
        }
      }
    };
    try {
      await store.emailUsage.refresh(TENANT, sampleDecide({ limit: 100_000 }));
      const before = await term();
      const stepDown = { replSetStepDown: 10, secondaryCatchUpPeriodSecs: 5, force: true };
      let seq = 0;
      const write = async () => {
        seq += 1;
        const entry = sampleEntry(seq, { tenantId: TENANT, at: afterNow(seq) });
        await untilDone(async () => await store.ledger.append(entry));
        const send = { key: `send_${seq}`, count: 1, now: NOW };
        await untilDone(async () => await store.emailUsage.consumeOnce(TENANT, send));
      };
      const writeMany = async () => {
        for (let count = 0; count < WRITES; count += 1) {
          await write();
        }
      };
      await writeMany();
      const stepping = admin
        .getClient()
        .db("admin")
        .command(stepDown)
        .catch((error: unknown) => expect(error).to.be.instanceOf(mongo.MongoError));
      await writeMany();
      await stepping;
      const end = Date.now() + PATIENCE_MS;
      while ((await term()) <= before && Date.now() < end) {
        await write();
      }
      await writeMany();
      expect(await term(), "an election took place").to.be.greaterThan(before);
      const entries = await store.ledger.list(TENANT, { limit: seq + 10 });
      expect(entries.map((entry) => entry.seq)).to.deep.equal(
        Array.from({ length: seq }, (_, index) => seq - index),
      );
      expect((await store.emailUsage.find(TENANT))?.used).to.equal(seq);
      expect(longestMs).to.be.below(LONGEST_CALL_MS);
      const longest = `longest call ${Math.round(longestMs)} ms`;
      process.stderr.write(`Failover: ${2 * seq} writes, ${failed} asked again, ${longest}\n`);
    } finally {
      await admin.close();
      await store.close();
    }
  });
});
