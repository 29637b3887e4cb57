import type {
  EmailLease,
  EmailLeaseStore,
} from "../../../application/ports/quota/email_lease_store.ts";
import type { EmailUsage } from "../../../domain/quota/email_quota.ts";
import type { MongoDatabase } from "../mongo_database.ts";
import { exactText } from "../stored_value.ts";
import { usageCollection } from "./email_usage_document.ts";
import { MongoEmailCounts } from "./mongo_email_counts.ts";
import { MongoEmailReleases } from "./mongo_email_releases.ts";

/** Keeps leases of e-mails in MongoDB, one document each. */
export class MongoEmailLeaseStore implements EmailLeaseStore {
  readonly #database: MongoDatabase;
  readonly #counts: MongoEmailCounts;
  readonly #releases: MongoEmailReleases;

  constructor(database: MongoDatabase) {
    this.#database = database;
    this.#counts = new MongoEmailCounts(database);
    this.#releases = new MongoEmailReleases(database);
  }

  /** {@inheritDoc} */
  reserve(
    tenantId: string,
    { id, size, promised, until, now }: EmailLease & { readonly now: Date },
  ): Promise<EmailUsage | undefined> {
    return this.#database.attempt("reserve e-mails", () =>
      this.#counts.count(exactText(tenantId), {
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
      this.#releases.extend(exactText(tenantId), leaseId(tenantId, id), { promised, until }),
    );
  }

  /** {@inheritDoc} */
  end(
    tenantId: string,
    { id, unused, now }: { id: string; unused: number; now: Date },
  ): Promise<void> {
    return this.#database.attempt("end a lease of e-mails", async () => {
      const lease = await this.#releases.find(exactText(tenantId), leaseId(tenantId, id));
      if (lease !== null) {
        await this.#releases.release(lease, { amount: unused, now });
      }
    });
  }

  /** {@inheritDoc} */
  reclaim(tenantId: string, now: Date): Promise<number> {
    return this.#database.attempt("reclaim leases of e-mails", async () => {
      const usage = usageCollection(this.#database);
      const record = await usage.findOne({ _id: exactText(tenantId) }, this.#database.serverLimit);
      if (record !== null) {
        await this.#counts.finishCounts(record);
        await this.#releases.finishReleases(record);
      }
      return await this.#releases.reclaim(tenantId, now);
    });
  }
}

function leaseId(tenantId: string, id: string): string {
  return `${exactText(tenantId)}:lease:${exactText(id)}`;
}
