import mongoose, { type mongo } from "mongoose";

/** The limit is never met: only what counting costs is measured. */
const LIMIT = 1_000_000_000;

interface Entry {
  readonly tenant: string;
  readonly seq: number;
  readonly key: string;
  readonly amount: number;
  readonly balance: number;
  readonly at: Date;
}

/** The least that each operation takes with MongoDB's own driver, by majority writes. */
export interface RawMongodb {
  /** One conditional update. */
  consume(): Promise<void>;
  /** Reading the last entry and inserting the next. */
  append(): Promise<void>;
  /** One insert of an event with its body. */
  store(id: string, body: Uint8Array): Promise<void>;
  /** One look-up of a document that already is the answer. */
  read(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a database with MongoDB's own driver: no checks, no seals, no history. */
export async function rawMongodb(url: string): Promise<RawMongodb> {
  const client = new mongoose.mongo.MongoClient(url, { writeConcern: { w: "majority" } });
  const database = client.db();
  const counters = database.collection<{ _id: string; used: number; left: number }>("counters");
  const entries = database.collection<Entry>("entries");
  const events = database.collection<{ _id: string; body: Uint8Array; at: Date }>("events");
  await counters.insertOne({ _id: "one", used: 0, left: LIMIT });
  await entries.createIndexes([
    { key: { tenant: 1, seq: 1 }, unique: true, name: "by_seq" },
    { key: { tenant: 1, key: 1 }, unique: true, name: "by_key" },
  ]);
  await entries.insertOne(next({ seq: 0, balance: LIMIT }));
  return {
    async consume() {
      const found = await counters.findOneAndUpdate(
        { _id: "one", left: { $gte: 1 } },
        { $inc: { used: 1, left: -1 } },
        { returnDocument: "after" },
      );
      present(found);
    },
    async append() {
      const last = await entries.findOne({ tenant: "one" }, { sort: { seq: -1 } });
      await entries.insertOne(next(present(last)));
    },
    async store(id, body) {
      await events.insertOne({ _id: id, body, at: new Date() });
    },
    async read() {
      present(await counters.findOne({ _id: "one" }));
    },
    async close() {
      await database.dropDatabase();
      await client.close();
    },
  };
}

function next({ seq, balance }: Pick<Entry, "seq" | "balance">): mongo.OptionalId<Entry> {
  const number = seq + 1;
  const entry = { tenant: "one", seq: number, key: `debit ${number}`, amount: -1 };
  return { ...entry, balance: balance - 1, at: new Date() };
}

function present<T>(found: T | null): T {
  if (found === null) {
    throw new Error("Cannot measure: a document is missing");
  }
  return found;
}
