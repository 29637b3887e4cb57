import type {
  EmailLease,
  EmailLeaseStore,
} from "../../../application/ports/quota/email_lease_store.ts";
import type { EmailUsage } from "../../../domain/quota/email_quota.ts";
import { encodeInstant } from "../stored_json.ts";
import type { EmailUsageRows } from "./email_usage_rows.ts";

/** Keeps leases of e-mails in SQLite, one row each. */
export class SqliteEmailLeaseStore implements EmailLeaseStore {
  readonly #rows: EmailUsageRows;

  /** @param rows the same that the store of e-mail usage has */
  constructor(rows: EmailUsageRows) {
    this.#rows = rows;
  }

  /** {@inheritDoc} */
  reserve(
    tenantId: string,
    { id, size, promised, until, now }: EmailLease & { readonly now: Date },
  ): Promise<EmailUsage | undefined> {
    return this.#rows.database.write("reserve e-mails", () => {
      const lease = { key: leaseKey(id), promised, leaseUntil: encodeInstant(until) };
      return this.#rows.countOnce({ tenantId, count: size, ...lease, now: encodeInstant(now) });
    });
  }

  /** {@inheritDoc} */
  extend(
    tenantId: string,
    { id, promised, until }: Pick<EmailLease, "id" | "promised" | "until">,
  ): Promise<boolean> {
    return this.#rows.database.write("extend a lease of e-mails", () => {
      const leaseUntil = encodeInstant(until);
      return this.#rows.sql.extend.write({ tenantId, key: leaseKey(id), promised, leaseUntil }) > 0;
    });
  }

  /** {@inheritDoc} */
  end(tenantId: string, { id, unused }: { id: string; unused: number }): Promise<void> {
    return this.#rows.database.write("end a lease of e-mails", () => {
      this.#rows.release({ tenantId, key: leaseKey(id), unused });
    });
  }

  /** {@inheritDoc} */
  async reclaim(tenantId: string, at: Date): Promise<number> {
    const action = "reclaim leases of e-mails";
    const now = encodeInstant(at);
    const { database, sql } = this.#rows;
    const over = await database.read(action, () => sql.findOver.first({ tenantId, now }));
    return over !== undefined
      ? await database.write(action, () =>
          database.atomically(() => this.#rows.reclaim(tenantId, now)),
        )
      : 0;
  }
}

function leaseKey(id: string): string {
  return `lease:${id}`;
}
