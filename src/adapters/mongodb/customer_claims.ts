import type { mongo } from "mongoose";
import type { AccountDocument } from "./account_document.ts";
import { COLLECTIONS } from "./collections.ts";
import { isDuplicateKey } from "./duplicate_key.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { exactText } from "./stored_value.ts";

/**
 * The tenant that a customer belongs to. Its `_id` is unique, which saves a second unique key on
 * the accounts.
 */
export interface CustomerDocument {
  readonly _id: string;
  readonly tenantId: string;
  /** The revision at which the tenant's account got the customer, if it ever did. */
  readonly revision: number;
}

/** A claim for a customer, by an account that will get it at a revision. */
export interface Claim {
  readonly customerId: string;
  readonly tenantId: string;
  readonly revision: number;
}

const MAX_ATTEMPTS = 5;

/**
 * Records which tenant a customer belongs to (P16), in a document written before the account. A
 * claim alone has no effect, because the account decides; a crash between the two writes is
 * therefore harmless. An unused claim passes to another tenant once the save it was made for can no
 * longer happen, as the account's revision shows.
 */
export class CustomerClaims {
  readonly #database: MongoDatabase;

  constructor(database: MongoDatabase) {
    this.#database = database;
  }

  /** Finds the tenant that has claimed a customer. Its account may have another one. */
  async tenantOf(customerId: string): Promise<string | undefined> {
    const { serverLimit } = this.#database;
    const found = await this.#claims.findOne({ _id: exactText(customerId) }, serverLimit);
    return found?.tenantId;
  }

  /** Claims a customer; returns false if it belongs to another tenant. Safe to repeat. */
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

  /**
   * Whether the claim is void: an account that has reached its revision without the customer never
   * gets it.
   */
  async #isUnused({ _id: customerId, tenantId, revision }: CustomerDocument): Promise<boolean> {
    const account = await this.#database
      .collection<AccountDocument>(COLLECTIONS.accounts)
      .findOne({ _id: tenantId }, this.#database.serverLimit);
    return account !== null && account.revision >= revision && account.customerId !== customerId;
  }

  /**
   * Takes an unused claim over, unless its tenant has claimed the customer again, which raises the
   * revision.
   */
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
