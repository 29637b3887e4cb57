import type {
  ReservationReminder,
  TokenReservationStore,
} from "../../application/ports/tokens/token_reservation_store.ts";
import { isDuplicateKey } from "./duplicate_key.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { COLLECTIONS } from "./mongo_indexes.ts";
import { StoredDocument } from "./stored_document.ts";
import { exactText, storedValue } from "./stored_value.ts";

/** An upsert that loses against another one only has to be made again. */
const MAX_ATTEMPTS = 5;

/** Keeps reminders of reservations in MongoDB, one document each. */
export class MongoTokenReservationStore implements TokenReservationStore {
  readonly #database: MongoDatabase;

  constructor(database: MongoDatabase) {
    this.#database = database;
  }

  /** {@inheritDoc} */
  keep({ tenantId, key, expiresAt }: ReservationReminder): Promise<void> {
    return this.#database.attempt("keep a reservation's reminder", async () => {
      const filter = { tenantId: exactText(tenantId), key: exactText(key) };
      const update = { $set: storedValue({ expiresAt }) };
      for (let attempt = 1; ; attempt += 1) {
        try {
          await this.#collection.updateOne(filter, update, { upsert: true });
          return;
        } catch (error) {
          if (!isDuplicateKey(error) || attempt === MAX_ATTEMPTS) {
            throw error;
          }
        }
      }
    });
  }

  /** {@inheritDoc} */
  drop(tenantId: string, key: string): Promise<void> {
    return this.#database.attempt("drop a reservation's reminder", async () => {
      await this.#collection.deleteOne({ tenantId: exactText(tenantId), key: exactText(key) });
    });
  }

  /** {@inheritDoc} */
  due({
    now,
    limit,
    tenantId,
  }: {
    now: Date;
    limit: number;
    tenantId?: string;
  }): Promise<readonly ReservationReminder[]> {
    return this.#database.attempt("list the reservations that expired", async () => {
      if (limit === 0) {
        return [];
      }
      const ofTenant = tenantId === undefined ? {} : { tenantId: exactText(tenantId) };
      const found = await this.#collection
        .find({ ...ofTenant, expiresAt: { $lte: storedValue(now) } }, this.#database.serverLimit)
        .sort({ expiresAt: 1 })
        .limit(limit)
        .toArray();
      return found.map(decodeReminder);
    });
  }

  get #collection() {
    return this.#database.collection<ReservationReminder>(COLLECTIONS.reservations);
  }
}

function decodeReminder(found: unknown): ReservationReminder {
  const document = new StoredDocument(found, `a document in ${COLLECTIONS.reservations}`);
  return {
    tenantId: document.text("tenantId"),
    key: document.text("key"),
    expiresAt: document.instant("expiresAt"),
  };
}
