import type { mongo } from "mongoose";
import type { MongoDatabase } from "../mongo_database.ts";
import type { MongoIndex } from "./mongo_indexes.ts";

/** How the indexes of a database differ from those that the store needs, as `collection.name`. */
export interface IndexReport {
  /** No index has this name. */
  readonly missing: readonly string[];
  /** The index has other fields or options. */
  readonly different: readonly string[];
}

/** Compares the database's indexes with those that it should have. Changes nothing. */
export async function checkIndexes(
  database: MongoDatabase,
  indexes: readonly MongoIndex[],
): Promise<IndexReport> {
  return database.attempt("check the indexes", async () => {
    const existing = await existingIndexes(database, indexes);
    const state = (index: MongoIndex) => stateOf(index, existing.get(index.collection) ?? []);
    return {
      missing: indexes.filter((index) => state(index) === "missing").map(fullName),
      different: indexes.filter((index) => state(index) === "different").map(fullName),
    };
  });
}

/**
 * Creates missing indexes and returns what still differs. Leaves different indexes as they are:
 * while a unique one is replaced, nothing would guard its promise. Only the age at which documents
 * expire is changed in place. Ignores indexes that are not ours. Has no time limit, because
 * building an index over many documents takes long.
 */
export async function syncIndexes(
  database: MongoDatabase,
  indexes: readonly MongoIndex[],
): Promise<IndexReport> {
  const { missing, different } = await checkIndexes(database, indexes);
  await database.attemptUnlimited("create the indexes", async () => {
    for (const index of indexes) {
      if (missing.includes(fullName(index))) {
        const { collection, key, ...options } = index;
        await database.driver.collection(collection).createIndex(key, options);
      } else if (different.includes(fullName(index)) && index.expireAfterSeconds !== undefined) {
        await changeExpiry(database, index);
      }
    }
  });
  return checkIndexes(database, indexes);
}

async function changeExpiry(database: MongoDatabase, index: MongoIndex): Promise<void> {
  const { collection, name, expireAfterSeconds } = index;
  await database.driver.command({ collMod: collection, index: { name, expireAfterSeconds } });
}

async function existingIndexes(
  { driver }: MongoDatabase,
  indexes: readonly MongoIndex[],
): Promise<ReadonlyMap<string, readonly mongo.IndexDescriptionInfo[]>> {
  const collections = [...new Set(indexes.map(({ collection }) => collection))];
  const stored = new Set(
    (await driver.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
  );
  const lists = collections.map(async (collection) => {
    const list = stored.has(collection) ? await driver.collection(collection).indexes() : [];
    return [collection, list] as const;
  });
  return new Map(await Promise.all(lists));
}

function stateOf(
  index: MongoIndex,
  existing: readonly mongo.IndexDescriptionInfo[],
): "ok" | "missing" | "different" {
  const found = existing.find(({ name }) => name === index.name);
  if (found === undefined) {
    return "missing";
  }
  return essence(found) === essence(index) ? "ok" : "different";
}

function essence(index: MongoIndex | mongo.IndexDescriptionInfo): string {
  return JSON.stringify([
    Object.entries(index.key).map(([field, direction]) => [field, Number(direction)]),
    index.unique ?? false,
    index.partialFilterExpression ?? null,
    index.expireAfterSeconds ?? null,
  ]);
}

function fullName({ collection, name }: MongoIndex): string {
  return `${collection}.${name}`;
}
