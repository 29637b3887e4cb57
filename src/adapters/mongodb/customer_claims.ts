import type { mongo } from "mongoose";
import type { AccountDocument } from "./account_document.ts";
import { COLLECTIONS } from "./collections.ts";
import { isDuplicateKey } from "./duplicate_key.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { exactText } from "./stored_value.ts";

/** Whose customer it is. Its `_id` is unique, so that the accounts need no second unique key. */
export interface CustomerDocument {
  readonly _id: string;
  readonly tenantId: string;
  /** The tenant's account has the customer from this revision on, or never got it. */
  readonly revision: number;
}

/** A customer that an account is to have from a revision on. */
export interface Claim {
  readonly customerId: string;
  readonly tenantId: string;
  readonly revision: number;
}

const MAX_ATTEMPTS = 5;

/**
 * Says which tenant a customer belongs to (P16): a document of its own, written before the account.
 * A claim alone gives nothing, the account counts; so a crash between the two is harmless. A claim
 * that its tenant does not use passes to another one, once the save that it was made for cannot
 * happen any more: the account's revision says so.
 */
export class CustomerClaims {
  readonly #database: MongoDatabase;

  constructor(database: MongoDatabase) {
    this.#database = database;
  }

  /** The tenant that has claimed a customer, or `undefined`. Its account may have another one. */
  async tenantOf(customerId: string): Promise<string | undefined> {
    const { serverLimit } = this.#database;
    const found = await this.#claims.findOne({ _id: exactText(customerId) }, serverLimit);
    return found?.tenantId;
  }

  /** Claims a customer; false where it is another tenant's. Safe to repeat. */
  async claim({ customerId, tenantId, revision }: Claim): Promise<boolean> {
    const _id = exactText(customerId);
    const { serverLimit } = this.#database;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      try {
        const update = { $max: { revision } };
        await this.#claims.updateOne({ _id, tenantId }, update, { ...serverLimit, upsert: true });
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) {
          throw error;
        }
      }
      const held = await this.#claims.findOne({ _id }, serverLimit);
      if (held !== null && held.tenantId !== tenantId) {
        return (await this.#isUnused(held)) && (await this.#takeOver(held, { tenantId, revision }));
      }
    }
    return false;
  }

  /** An account at the claim's revision, without the customer, did not get it and never will. */
  async #isUnused({ _id: customerId, tenantId, revision }: CustomerDocument): Promise<boolean> {
    const account = await this.#database
      .collection<AccountDocument>(COLLECTIONS.accounts)
      .findOne({ _id: tenantId }, this.#database.serverLimit);
    return account !== null && account.revision >= revision && account.customerId !== customerId;
  }

  /** Whoever claims it again meanwhile raises the revision, and keeps it. */
  async #takeOver(
    held: CustomerDocument,
    next: Pick<CustomerDocument, "tenantId" | "revision">,
  ): Promise<boolean> {
    const { matchedCount } = await this.#claims.updateOne(
      { _id: held._id, tenantId: held.tenantId, revision: held.revision },
      { $set: next },
      this.#database.serverLimit,
    );
    return matchedCount === 1;
  }

  get #claims(): mongo.Collection<CustomerDocument> {
    return this.#database.collection<CustomerDocument>(COLLECTIONS.customers);
  }
}
