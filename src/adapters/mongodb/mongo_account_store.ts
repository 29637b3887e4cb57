import { type Model, Schema } from "mongoose";
import type {
  AccountRecordStore,
  TenantPage,
} from "../../application/ports/subscription/account_store.ts";
import type { AccountRecord } from "../../domain/subscription/billing_account.ts";
import { type AccountDocument, decodeAccount, encodeAccount } from "./account_document.ts";
import { ID_INDEX, isDuplicateKey, violatedIndex } from "./duplicate_key.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { COLLECTIONS, CUSTOMER_INDEX } from "./mongo_indexes.ts";
import { exactText } from "./stored_value.ts";
import { tenantPage } from "./tenant_page.ts";

const SCHEMA = new Schema<AccountDocument>(
  {
    _id: String,
    revision: Number,
    customerId: String,
    subscription: Schema.Types.Mixed,
    standing: Schema.Types.Mixed,
    knownSince: Date,
    inForce: [String],
    endedDuplicates: [Schema.Types.Mixed],
    checkout: Schema.Types.Mixed,
    lastChange: Schema.Types.Mixed,
  },
  { collection: COLLECTIONS.accounts, versionKey: false, strict: "throw" },
);

/** Keeps the billing accounts in MongoDB, one document each, under the tenant's id. */
export class MongoAccountStore implements AccountRecordStore {
  readonly #database: MongoDatabase;
  readonly #accounts: Model<AccountDocument>;

  constructor(database: MongoDatabase) {
    this.#database = database;
    this.#accounts = database.connection.model<AccountDocument>("AccountRecord", SCHEMA);
  }

  /** {@inheritDoc} */
  find(tenantId: string): Promise<AccountRecord | undefined> {
    return this.#database.attempt("read the account", async () => {
      const found = await this.#accounts.findOne({ _id: exactText(tenantId) }).lean();
      return found === null ? undefined : decodeAccount(found);
    });
  }

  /** {@inheritDoc} */
  findByCustomer(customerId: string): Promise<AccountRecord | undefined> {
    return this.#database.attempt("read the account of a customer", async () => {
      const found = await this.#accounts.findOne({ customerId: exactText(customerId) }).lean();
      return found === null ? undefined : decodeAccount(found);
    });
  }

  /** {@inheritDoc} */
  save(account: AccountRecord): Promise<"saved" | "conflict" | "customer_taken"> {
    return this.#database.attempt("save the account", async () => {
      try {
        return await this.#write(account);
      } catch (error) {
        return this.#whatIsTaken(account, error);
      }
    });
  }

  /** {@inheritDoc} */
  list(page: TenantPage): Promise<readonly AccountRecord[]> {
    return this.#database.attempt("list the accounts", async () =>
      (await tenantPage(this.#database, { in: COLLECTIONS.accounts }, page)).map(decodeAccount),
    );
  }

  async #write(account: AccountRecord): Promise<"saved" | "conflict"> {
    const collection = this.#database.collection<AccountDocument>(COLLECTIONS.accounts);
    const document = encodeAccount(account, account.revision + 1);
    if (account.revision === 0) {
      await collection.insertOne(document, this.#database.serverLimit);
      return "saved";
    }
    const { _id, ...content } = document;
    const stale = { _id, revision: account.revision };
    const { matchedCount } = await collection.replaceOne(
      stale,
      content,
      this.#database.serverLimit,
    );
    return matchedCount === 1 ? "saved" : "conflict";
  }

  /** A first save may be stored already, with its customer: then it is a conflict only. */
  async #whatIsTaken(
    { tenantId, revision, customerId }: AccountRecord,
    error: unknown,
  ): Promise<"conflict" | "customer_taken"> {
    if (isDuplicateKey(error)) {
      const violated = violatedIndex(error, [ID_INDEX, CUSTOMER_INDEX]);
      if (violated === ID_INDEX) {
        return "conflict";
      }
      if (revision === 0 && (await this.#accounts.exists({ _id: tenantId }))) {
        return "conflict";
      }
      if (violated === CUSTOMER_INDEX || (await this.#accounts.exists({ customerId }))) {
        return "customer_taken";
      }
    }
    throw error;
  }
}
