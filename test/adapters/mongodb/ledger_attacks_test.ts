import { mongo } from "mongoose";
import { COLLECTIONS } from "../../../src/adapters/mongodb/collections.ts";
import { connectMongo } from "../../../src/adapters/mongodb/connect_mongo.ts";
import type { MongoDatabase } from "../../../src/adapters/mongodb/mongo_database.ts";
import { mongoStore } from "../../../src/adapters/mongodb/open_mongo_store.ts";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import {
  describeLedgerAttacks,
  type RawAttack,
} from "../../contracts/ledger/describe_ledger_attacks.ts";
import { VICTIM } from "../../contracts/ledger/ledger_attacks.ts";
import type { RawDatabase } from "../../contracts/ledger/ledger_vandal.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { emptyCollections, prepareIndexes } from "./mongo_test_store.ts";

const IN_WRONG_FORM: Readonly<Record<string, mongo.UpdateFilter<mongo.Document>>> = {
  "kind that is none": { $set: { kind: "gift" } },
  "kind that is a number": { $set: { kind: 7 } },
  "months that are a text": { $set: { months: "x" } },
  "months without a beginning": { $unset: { "months.since": 1 } },
  "hold that is a list": { $set: { hold: [1] } },
  "amount that is a text": { $set: { amount: "-1" } },
  "amount with a fraction": { $set: { amount: 0.5 } },
  "amount beyond what is exact": { $set: { amount: 2 ** 60 } },
  "balance that is no number": { $set: { monthly: Number.NaN } },
  "balance that is a decimal": { $set: { monthly: mongo.Decimal128.fromString("5") } },
  "time that is a text": { $set: { at: "2026-03-15" } },
  "time that is missing": { $unset: { at: 1 } },
  "hash that is missing": { $unset: { hash: 1 } },
  "hash that is a number": { $set: { hash: 7 } },
  "key that is a number": { $set: { key: 7 } },
  "halt that is a text": { $set: { halted: "no" } },
};

/** Numbers that are none of ours: what the entry is found as, where there were ten. */
const NUMBERS: Readonly<
  Record<string, readonly [change: mongo.UpdateFilter<mongo.Document>, mid: number, end: number]>
> = {
  "a number that is a text": [{ $set: { seq: "5" } }, 6, 10],
  "a number that is missing": [{ $unset: { seq: 1 } }, 6, 10],
  "a number that is null": [{ $set: { seq: null } }, 6, 10],
  "a number that is a date": [{ $set: { seq: new Date(5) } }, 6, 10],
  "a number with a fraction": [{ $set: { seq: 5.5 } }, 6, 10],
  "a number that is a list": [{ $set: { seq: [55] } }, 6, 10],
  "a number beyond what is exact": [{ $set: { seq: 2 ** 60 } }, 6, 10],
  "another type in its tenant": [{ $set: { tenantId: 7 } }, 6, 10],
};

await describeOnMongodb("P30 Attacks on ledgers", ({ url, server }) => {
  let database: MongoDatabase;
  let store: BillingStore;

  before(async () => {
    database = await connectMongo({ url });
    await prepareIndexes(database, server);
    store = mongoStore(database);
  });
  beforeEach(() => emptyCollections(database));
  after(() => store.close());

  const entries = () => database.collection<mongo.Document>(COLLECTIONS.ledger);
  const heads = () => database.collection<{ _id: string }>(COLLECTIONS.heads);
  const raw: RawDatabase = {
    removeEntries: async (tenantId, seqs) => {
      await entries().deleteMany({ tenantId, seq: { $in: [...seqs] } });
    },
    removeHead: async (tenantId) => {
      await heads().deleteOne({ _id: tenantId });
    },
  };
  const update = (change: mongo.UpdateFilter<mongo.Document>, seq: number) => async () => {
    await entries().updateOne({ tenantId: VICTIM, seq }, change);
  };
  const attacks: readonly RawAttack[] = [
    ...Object.entries(IN_WRONG_FORM).flatMap(([what, change]) =>
      [5, 10].map((seq) => ({
        name: `${seq === 5 ? "an" : "a last"} entry with a ${what}`,
        foundAt: seq,
        attack: update(change, seq),
      })),
    ),
    ...Object.entries(NUMBERS).flatMap(([what, [change, mid, end]]) => [
      { name: `an entry with ${what}`, foundAt: mid, attack: update(change, 5) },
      { name: `a last entry with ${what}`, foundAt: end, attack: update(change, 10) },
    ]),
    {
      name: "a head with a number that is a text",
      foundAt: 10,
      attack: async () => {
        await heads().updateOne({ _id: VICTIM }, { $set: { seq: "10" } });
      },
    },
    {
      name: "a head with a seal that is missing",
      foundAt: 10,
      attack: async () => {
        await heads().updateOne({ _id: VICTIM }, { $unset: { seal: 1 } });
      },
    },
  ];
  describeLedgerAttacks(() => ({ store, raw }), attacks);
});
