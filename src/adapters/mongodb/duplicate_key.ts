import { mongo } from "mongoose";

/** What identifies a unique index. */
export interface IndexIdentity {
  readonly name: string;
  /** Its fields in order. */
  readonly key: Readonly<Record<string, 1 | -1>>;
}

/** The unique index that every collection has. */
export const ID_INDEX: IndexIdentity = { name: "_id_", key: { _id: 1 } };

const DUPLICATE_KEY = 11_000;

/** Whether a write violated any unique index. */
export function isDuplicateKey(error: unknown): error is mongo.MongoServerError {
  return error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;
}

/**
 * Finds the unique index that a write violated: the one of `indexes` with the fields that the
 * server reports or, if it reports none, with the name in its message. Returns `undefined` for any
 * other failure, and if the server reports neither.
 */
export function violatedIndex(
  error: unknown,
  indexes: readonly IndexIdentity[],
): IndexIdentity | undefined {
  if (!isDuplicateKey(error)) {
    return undefined;
  }
  const pattern: unknown = error.keyPattern;
  if (typeof pattern === "object" && pattern !== null) {
    const fields = Object.keys(pattern).join();
    return indexes.find(({ key }) => Object.keys(key).join() === fields);
  }
  const named = /\bindex: (?:\S+\.\$)?(\S+)/.exec(error.message)?.[1];
  return indexes.find(({ name }) => name === named);
}
