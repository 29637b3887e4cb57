import { type Model, Schema } from "mongoose";
import type {
  AccountRecordStore,
  ListedAccount,
  TenantPage,
} from "../../application/ports/subscription/account_store.ts";
import type { AccountRecord } from "../../domain/subscription/billing_account.ts";
import { type AccountDocument, decodeAccount, encodeAccount } from "./account_document.ts";
import { COLLECTIONS } from "./collections.ts";
import { type Claim, CustomerClaims } from "./customer_claims.ts";
import { isDuplicateKey, violatedIndex } from "./duplicate_key.ts";
import { FORMER_CUSTOMER_INDEX } from "./indexes/mongo_indexes.ts";
import type { MongoDatabase } from "./mongo_database.ts";
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
    lookedAt: Date,
    seen: Schema.Types.Mixed,
    inForce: [String],
    endedDuplicates: [Schema.Types.Mixed],
    checkout: Schema.Types.Mixed,
    lastChange: Schema.Types.Mixed,
  },
  { collection: COLLECTIONS.accounts, versionKey: false, strict: "throw" },
);

/**
 * Keeps the billing accounts in MongoDB, one document per tenant. Another document records who owns
 * a customer.
 */
export class MongoAccountStore implements AccountRecordStore {
  readonly #database: MongoDatabase;
  readonly #accounts: Model<AccountDocument>;
  readonly #claims: CustomerClaims;

  constructor(database: MongoDatabase) {
    this.#database = database;
    this.#claims = new CustomerClaims(database);
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
      const tenantId = await this.#claims.tenantOf(customerId);
      if (tenantId === undefined) {
        return undefined;
      }
      const found = await this.#accounts.findOne({ _id: tenantId }).lean();
      return found?.customerId === customerId ? decodeAccount(found) : undefined;
    });
  }

  /** {@inheritDoc} */
  save(account: AccountRecord): Promise<"saved" | "conflict" | "customer_taken"> {
    return this.#database.attempt("save the account", async () => {
      try {
        return await this.#write(account);
      } catch (error) {
        return whatIsTaken(error);
      }
    });
  }

  /** {@inheritDoc} */
  list(page: TenantPage): Promise<readonly ListedAccount[]> {
    return this.#database.attempt("list the accounts", async () =>
      (await tenantPage(this.#database, { in: COLLECTIONS.accounts }, page)).map(listedAccount),
    );
  }

  /** Saves an account; one call unless it has a new customer, which is rare. */
  async #write(account: AccountRecord): Promise<"saved" | "conflict" | "customer_taken"> {
    const { tenantId, customerId, revision } = account;
    const mayHaveIt = revision > 0 && customerId !== null;
    if (mayHaveIt && (await this.#replace(account, { customerId }))) {
      return "saved";
    }
    const claim = { customerId, tenantId, revision: revision + 1 };
    if (isClaim(claim) && !(await this.#claims.claim(claim))) {
      return "customer_taken";
    }
    if (revision === 0) {
      return await this.#insert(account);
    }
    return (await this.#replace(account, {})) ? "saved" : "conflict";
  }

  async #insert(account: AccountRecord): Promise<"saved" | "conflict"> {
    await this.#collection.insertOne(encodeAccount(account, 1), this.#database.serverLimit);
    return "saved";
  }

  async #replace(account: AccountRecord, when: { customerId?: string }): Promise<boolean> {
    const { _id, ...content } = encodeAccount(account, account.revision + 1);
    const { matchedCount } = await this.#collection.replaceOne(
      { _id, revision: account.revision, ...when },
      content,
      this.#database.serverLimit,
    );
    return matchedCount === 1;
  }

  get #collection() {
    return this.#database.collection<AccountDocument>(COLLECTIONS.accounts);
  }
}

function isClaim(claim: Omit<Claim, "customerId"> & { customerId: string | null }): claim is Claim {
  return claim.customerId !== null;
}

/**
 * Tells what a violated index means. If a first save is already stored, it is a conflict. Databases
 * of earlier releases have a unique index over the customers, too.
 */
function whatIsTaken(error: unknown): "conflict" | "customer_taken" {
  if (!isDuplicateKey(error)) {
    throw error;
  }
  const isCustomer = violatedIndex(error, [FORMER_CUSTOMER_INDEX]) !== undefined;
  return isCustomer ? "customer_taken" : "conflict";
}

function listedAccount(found: unknown): ListedAccount {
  try {
    return decodeAccount(found);
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return { tenantId: String(Reflect.get(Object(found), "_id")), fault };
  }
}
