import type { EmailLease, EmailLeaseStore } from "../../application/ports/email_lease_store.ts";
import type { EmailUsage } from "../../domain/email_quota.ts";
import { usageCollection } from "./email_usage_document.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { MongoEmailSends } from "./mongo_email_sends.ts";
import { exactText } from "./stored_value.ts";

/** Keeps leases of e-mails in MongoDB, one document each. */
export class MongoEmailLeaseStore implements EmailLeaseStore {
  readonly #database: MongoDatabase;
  readonly #sends: MongoEmailSends;

  constructor(database: MongoDatabase) {
    this.#database = database;
    this.#sends = new MongoEmailSends(database);
  }

  /** {@inheritDoc} */
  reserve(
    tenantId: string,
    { id, size, promised, until, now }: EmailLease & { readonly now: Date },
  ): Promise<EmailUsage | undefined> {
    return this.#database.attempt("reserve e-mails", () =>
      this.#sends.count(exactText(tenantId), {
        id: leaseId(tenantId, id),
        count: size,
        now,
        lease: { promised, until },
      }),
    );
  }

  /** {@inheritDoc} */
  extend(
    tenantId: string,
    { id, promised, until }: Pick<EmailLease, "id" | "promised" | "until">,
  ): Promise<boolean> {
    return this.#database.attempt("extend a lease of e-mails", () =>
      this.#sends.extend(leaseId(tenantId, id), { promised, until }),
    );
  }

  /** {@inheritDoc} */
  end(
    tenantId: string,
    { id, unused, now }: { id: string; unused: number; now: Date },
  ): Promise<void> {
    return this.#database.attempt("end a lease of e-mails", async () => {
      const lease = await this.#sends.find(leaseId(tenantId, id));
      if (lease !== null) {
        await this.#sends.release(lease, { amount: unused, now });
      }
    });
  }

  /** {@inheritDoc} */
  reclaim(tenantId: string, now: Date): Promise<number> {
    return this.#database.attempt("reclaim leases of e-mails", async () => {
      const usage = usageCollection(this.#database);
      const record = await usage.findOne({ _id: exactText(tenantId) }, this.#database.serverLimit);
      if (record !== null) {
        await this.#sends.finishNotes(record);
      }
      return await this.#sends.reclaim(tenantId, now);
    });
  }
}

function leaseId(tenantId: string, id: string): string {
  return `${exactText(tenantId)}:lease:${exactText(id)}`;
}
