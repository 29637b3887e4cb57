import type {
  ReservationReminder,
  TokenReservationStore,
} from "../../application/ports/tokens/token_reservation_store.ts";
import { COLLECTIONS } from "./collections.ts";
import { isDuplicateKey } from "./duplicate_key.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { StoredDocument } from "./stored_document.ts";
import { exactText, storedValue } from "./stored_value.ts";

/** Attempts at an upsert, which can lose a race against another one. */
const MAX_ATTEMPTS = 5;

/** Keeps reminders of reservations in MongoDB, one document each. */
export class MongoTokenReservationStore implements TokenReservationStore {
  readonly #database: MongoDatabase;

  constructor(database: MongoDatabase) {
    this.#database = database;
  }

  /** {@inheritDoc} */
  keep({ tenantId, key, expiresAt, seq }: ReservationReminder): Promise<void> {
    return this.#database.attempt("keep a reservation's reminder", async () => {
      const filter = { tenantId: exactText(tenantId), key: exactText(key) };
      const update = { $set: storedValue({ expiresAt, seq }) };
      const replaceable = { ...filter, seq: { $not: { $gt: seq ?? 0 } } };
      for (let attempt = 1; ; attempt += 1) {
        try {
          await this.#collection.updateOne(replaceable, update, { upsert: true });
          return;
        } catch (error) {
          if (!isDuplicateKey(error) || attempt === MAX_ATTEMPTS) {
            throw error;
          }
          if (await this.#collection.findOne({ ...filter, seq: { $gt: seq ?? 0 } })) {
            return;
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
  dropFailed(tenantId: string, key: string, seq: number): Promise<void> {
    return this.#database.attempt("drop a reservation's reminder", async () => {
      const filter = { tenantId: exactText(tenantId), key: exactText(key) };
      await this.#collection.deleteOne({ ...filter, seq: { $not: { $gt: seq } } });
    });
  }

  /** {@inheritDoc} */
  postpone(reminder: ReservationReminder, until: Date): Promise<void> {
    return this.#database.attempt("put a reservation's reminder off", async () => {
      await this.#collection.updateOne(storedValue(reminder), {
        $set: storedValue({ expiresAt: until, seq: 0 }),
      });
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
    tenantId: string;
  }): Promise<readonly ReservationReminder[]> {
    return this.#database.attempt("list the reservations that expired", async () => {
      if (limit === 0) {
        return [];
      }
      const filter = { tenantId: exactText(tenantId), expiresAt: { $lte: storedValue(now) } };
      const found = await this.#collection
        .find(filter, this.#database.serverLimit)
        .sort({ expiresAt: 1 })
        .limit(limit)
        .toArray();
      return found.map(decodeReminder);
    });
  }

  /** {@inheritDoc} */
  async dueTenants({
    now,
    limit,
    after = "",
  }: {
    now: Date;
    limit: number;
    after?: string;
  }): Promise<readonly string[]> {
    const tenants: string[] = [];
    while (tenants.length < limit) {
      const next = await this.#nextTenant(tenants.at(-1) ?? after, now);
      if (next === undefined) {
        break;
      }
      tenants.push(next);
    }
    return tenants;
  }

  #nextTenant(after: string, now: Date): Promise<string | undefined> {
    return this.#database.attempt("list the tenants whose reservations expired", async () => {
      const found = await this.#collection.findOne(
        { tenantId: { $gt: exactText(after) }, expiresAt: { $lte: storedValue(now) } },
        {
          sort: { tenantId: 1, expiresAt: 1 },
          projection: { _id: 0, tenantId: 1 },
          ...this.#database.serverLimit,
        },
      );
      return found?.tenantId;
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
    seq: document.integerOrNull("seq"),
  };
}
