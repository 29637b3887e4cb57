import type { OrPromise } from "../../../application/ports/or_promise.ts";
import type {
  EmailUsageStore,
  KeyedCount,
} from "../../../application/ports/quota/email_usage_store.ts";
import type { TenantPage } from "../../../application/ports/subscription/account_store.ts";
import {
  type DecideEmailMonths,
  type EmailMonths,
  emailUsage,
} from "../../../domain/quota/email_months.ts";
import type { EmailUsage } from "../../../domain/quota/email_quota.ts";
import type { SqliteDatabase } from "../sqlite_database.ts";
import { encodeInstant } from "../stored_json.ts";
import { type EmailUsageStatements, monthsOfRow, rowOfMonths } from "./email_usage_row.ts";
import type { EmailUsageRows, NewSend } from "./email_usage_rows.ts";

const NO_LEASE = { promised: null, leaseUntil: null };

/** Counts e-mails in SQLite. */
export class SqliteEmailUsageStore implements EmailUsageStore {
  readonly #database: SqliteDatabase;
  readonly #rows: EmailUsageRows;
  readonly #sql: EmailUsageStatements;

  constructor(rows: EmailUsageRows) {
    this.#database = rows.database;
    this.#rows = rows;
    this.#sql = rows.sql;
  }

  /** {@inheritDoc} */
  find(tenantId: string): Promise<EmailUsage | undefined> {
    return this.#database.read("read the e-mail usage", () => this.#rows.read(tenantId));
  }

  /** {@inheritDoc} */
  findMonths(tenantId: string): Promise<EmailMonths | undefined> {
    return this.#database.read("read the months of e-mails", () => this.#rows.load(tenantId));
  }

  /** {@inheritDoc} */
  consume(
    tenantId: string,
    { count, now }: { count: number; now: Date },
  ): OrPromise<EmailUsage | undefined> {
    return this.#database.writeAtOnce("count e-mails", () =>
      this.#rows.count(tenantId, { count, now: encodeInstant(now) }),
    );
  }

  /** {@inheritDoc} */
  consumeOnce(
    tenantId: string,
    { key, count, now }: { key: string; count: number; now: Date },
  ): OrPromise<KeyedCount> {
    return this.#database.writeAtOnce("count e-mails under a key", () => {
      const at = encodeInstant(now);
      const send = { tenantId, key: sendKey(key), count, ...NO_LEASE, now: at };
      const usage = this.#rows.countOnce(send);
      return usage === undefined ? this.#earlier(send) : { type: "counted", usage };
    });
  }

  /** {@inheritDoc} */
  giveBack(
    tenantId: string,
    { count, periodStart }: { count: number; periodStart: Date },
  ): Promise<void> {
    return this.#database.write("give e-mails back", () => {
      const start = encodeInstant(periodStart);
      const inForce = () => this.#sql.giveBack.write({ tenantId, count, start }) > 0;
      if (!inForce()) {
        const given = { month: null, start, count };
        this.#database.atomically(() => inForce() || this.#rows.lower(tenantId, [given]));
      }
    });
  }

  /** {@inheritDoc} */
  release(tenantId: string, key: string) {
    return this.#database.write("release e-mails", () => {
      const send = { tenantId, key: sendKey(key) };
      if (this.#rows.release({ ...send, unused: null })) {
        return "released";
      }
      return this.#sql.findSend.first(send) === undefined ? "unknown" : "already_released";
    });
  }

  /** {@inheritDoc} */
  noteRefusal(
    tenantId: string,
    { periodStart, at }: { periodStart: Date; at: Date },
  ): Promise<void> {
    return this.#database.write("note a refusal", () => {
      const [start, refusedAt] = [encodeInstant(periodStart), encodeInstant(at)];
      this.#sql.noteRefusal.write({ tenantId, start, at: refusedAt });
    });
  }

  /** {@inheritDoc} */
  tenants({ after = "", limit }: TenantPage): Promise<readonly string[]> {
    return this.#database.read("list the tenants that send e-mails", () =>
      this.#sql.tenants.all({ after, limit }).map(({ tenantId }) => tenantId),
    );
  }

  /** {@inheritDoc} */
  add(tenantId: string, count: number): Promise<void> {
    return this.#database.write("count e-mails later", () => {
      this.#sql.add.write({ tenantId, count });
    });
  }

  /** {@inheritDoc} */
  async refresh(tenantId: string, decide: DecideEmailMonths, at?: Date): Promise<EmailUsage> {
    const action = "refresh the e-mail quota";
    const now = at === undefined ? null : encodeInstant(at);
    const unchanged = await this.#database.read(action, () => {
      const row = this.#sql.loadAt.first({ tenantId, now });
      const found = row?.leasesOver === 0 ? monthsOfRow(row) : undefined;
      return found !== undefined && decide(found) === found ? found : undefined;
    });
    if (unchanged !== undefined) {
      return emailUsage(tenantId, unchanged);
    }
    return await this.#database.write(action, () =>
      this.#database.atomically(() => {
        if (now !== null) {
          this.#rows.reclaim(tenantId, now);
        }
        return this.#change(tenantId, decide);
      }),
    );
  }

  /** Replaces the months; only within a transaction. */
  #change(tenantId: string, decide: DecideEmailMonths): EmailUsage {
    const before = this.#rows.load(tenantId);
    const after = decide(before);
    if (after !== before) {
      this.#sql.save.write(rowOfMonths(tenantId, after));
    }
    return emailUsage(tenantId, after);
  }

  /** What comes of a send whose key is known, or that does not fit. */
  #earlier(send: NewSend): KeyedCount {
    const earlier = this.#sql.findSend.first(send);
    const usage = earlier && this.#rows.read(send.tenantId);
    if (earlier === undefined || usage === undefined) {
      return { type: "not_counted" };
    }
    if (earlier.expiresAt <= send.now && encodeInstant(usage.validUntil) > send.now) {
      return this.#countAnew(send);
    }
    if (earlier.givenBack !== null) {
      return { type: "key_released" };
    }
    return earlier.count === send.count
      ? { type: "repeated", usage }
      : { type: "key_conflict", count: earlier.count };
  }

  /** Counts a send whose key is not remembered any more, though nobody has forgotten it yet. */
  #countAnew(send: NewSend): KeyedCount {
    return this.#database.atomically(() => {
      this.#sql.forgetSend.write({ tenantId: send.tenantId, key: send.key, now: send.now });
      const usage = this.#rows.countOnce(send);
      return usage === undefined ? { type: "not_counted" } : { type: "counted", usage };
    });
  }
}

function sendKey(key: string): string {
  return `key:${key}`;
}
