import type {
  ProcessCounts,
  RequestCountStore,
} from "../../../application/ports/limits/request_count_store.ts";
import { COLLECTIONS } from "../collections.ts";
import { isDuplicateKey } from "../duplicate_key.ts";
import type { MongoDatabase } from "../mongo_database.ts";

interface CountDocument {
  /** The end of the window in milliseconds since 1970, a colon and the key. */
  readonly _id: string;
  readonly endsAt: Date;
  /** What each process counted. */
  readonly of: Readonly<Record<string, number>>;
}

/** Two processes may both be the first to count a key; the second attempt finds the document. */
const ATTEMPTS = 3;

/** Keeps counts of requests in MongoDB, one document for each key. */
export class MongoRequestCountStore implements RequestCountStore {
  readonly #database: MongoDatabase;

  constructor(database: MongoDatabase) {
    this.#database = database;
  }

  /** {@inheritDoc} */
  exchange(counts: ProcessCounts): Promise<ReadonlyMap<string, number>> {
    const { by, endsAt, hits } = counts;
    return this.#database.attempt("share counts of requests", async () => {
      if (hits.size === 0) {
        return new Map();
      }
      const keys = new Map([...hits.keys()].map((key) => [`${endsAt.getTime()}:${key}`, key]));
      await this.#set(counts);
      const found = await this.#collection
        .find({ _id: { $in: [...keys.keys()] } }, this.#database.serverLimit)
        .toArray();
      return new Map(
        found
          .map(({ _id, of }) => [keys.get(_id) ?? "", countOfOthers(of, by)] as const)
          .filter(([, others]) => others > 0),
      );
    });
  }

  async #set({ by, endsAt, hits }: ProcessCounts): Promise<void> {
    const writes = [...hits].map(([key, own]) => ({
      updateOne: {
        filter: { _id: `${endsAt.getTime()}:${key}` },
        update: { $set: { [`of.${by}`]: own }, $setOnInsert: { endsAt } },
        upsert: true,
      },
    }));
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#collection.bulkWrite(writes, { ordered: false });
        return;
      } catch (error) {
        if (!isDuplicateKey(error) || attempt === ATTEMPTS) {
          throw error;
        }
      }
    }
  }

  get #collection() {
    return this.#database.collection<CountDocument>(COLLECTIONS.requestCounts);
  }
}

function countOfOthers(of: CountDocument["of"], by: string): number {
  return Object.entries(of).reduce((sum, [name, hits]) => sum + (name === by ? 0 : hits), 0);
}
