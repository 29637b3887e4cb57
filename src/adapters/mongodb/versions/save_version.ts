import { isDuplicateKey } from "../duplicate_key.ts";
import type { MongoDatabase } from "../mongo_database.ts";

/** A document whose version grows by one with every save; its first is 1. */
export interface VersionedDocument {
  readonly _id: string;
  readonly version: number;
}

/**
 * Saves the first version of a document, or the next of one that is stored; returns false if somebody
 * else was first.
 */
export async function saveVersion(
  database: MongoDatabase,
  collectionName: string,
  document: VersionedDocument,
): Promise<boolean> {
  const collection = database.collection<VersionedDocument>(collectionName);
  const { _id, ...fields } = document;
  if (fields.version > 1) {
    const before = { _id, version: fields.version - 1 };
    const { matchedCount } = await collection.replaceOne(before, fields, database.serverLimit);
    return matchedCount === 1;
  }
  try {
    await collection.insertOne(document, database.serverLimit);
    return true;
  } catch (error) {
    // Only `_id` has a unique index in such collections.
    if (isDuplicateKey(error)) {
      return false;
    }
    throw error;
  }
}
