import type {
  EmailLease,
  EmailLeaseStore,
} from "../../application/ports/quota/email_lease_store.ts";
import type {
  EmailUsageStore,
  KeyedCount,
} from "../../application/ports/quota/email_usage_store.ts";
import {
  type EmailUsage,
  emailCeiling,
  type QuotaDecision,
} from "../../domain/quota/email_quota.ts";
import { EMAIL_USAGE_SQL } from "./email_usage_sql.ts";
import type { SqliteDatabase, SqliteParameters, SqliteStatement } from "./sqlite_database.ts";
import { encodeInstant } from "./stored_json.ts";

const DAY_MS = 86_400_000;
const SEND_RETENTION_MS = DAY_MS;
const PERIOD_RETENTION_MS = 100 * DAY_MS;
/** Most sends that are forgotten at a time, so that nobody waits long. */
const FORGET_LIMIT = 500;

type UsageRow = {
  readonly tenantId: string;
  readonly accountRevision: number;
  readonly catalogRevision: number;
  readonly decidedAt: number;
  readonly validUntil: number;
  readonly periodStart: number;
  readonly periodEnd: number;
  readonly quotaLimit: number | null;
  readonly used: number;
};

type SendRow = { readonly count: number; readonly givenBack: number | null };

type Statements = {
  readonly [Name in keyof typeof EMAIL_USAGE_SQL]: Name extends "findSend"
    ? SqliteStatement<SendRow>
    : SqliteStatement<UsageRow>;
};

/**
 * Counts e-mails in SQLite: one row per tenant, and one per send under a key, which triggers keep
 * in step with it.
 */
export class SqliteEmailUsageStore implements EmailUsageStore, EmailLeaseStore {
  readonly #database: SqliteDatabase;
  readonly #sql: Statements;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#sql = Object.fromEntries(
      Object.entries(EMAIL_USAGE_SQL).map(([name, sql]) => [name, database.prepare(sql)]),
    ) as Statements;
  }

  /** {@inheritDoc} */
  find(tenantId: string): Promise<EmailUsage | undefined> {
    return this.#database.attempt("read the e-mail usage", () => this.#read(tenantId));
  }

  /** {@inheritDoc} */
  consume(
    tenantId: string,
    { count, now }: { count: number; now: Date },
  ): Promise<EmailUsage | undefined> {
    return this.#database.attempt("count e-mails", () => {
      const row = this.#sql.consume.first({ tenantId, count, now: encodeInstant(now) });
      return row && toUsage(row);
    });
  }

  /** {@inheritDoc} */
  consumeOnce(
    tenantId: string,
    { key, count, now }: { key: string; count: number; now: Date },
  ): Promise<KeyedCount> {
    return this.#database.attempt("count e-mails under a key", () => {
      const counted = this.#countOnce(tenantId, { key: sendKey(key), count, now });
      if (counted) {
        const usage = this.#read(tenantId);
        return usage === undefined ? { type: "not_counted" } : { type: "counted", usage };
      }
      return this.#earlier(tenantId, { key: sendKey(key), count });
    });
  }

  /** {@inheritDoc} */
  giveBack(
    tenantId: string,
    { count, periodStart }: { count: number; periodStart: Date },
  ): Promise<void> {
    return this.#database.attempt("give e-mails back", () => {
      this.#sql.giveBack.write({ tenantId, count, periodStart: encodeInstant(periodStart) });
    });
  }

  /** {@inheritDoc} */
  release(tenantId: string, key: string) {
    return this.#database.attempt("release e-mails", () => {
      const send = { tenantId, key: sendKey(key) };
      if (this.#sql.release.write(send) > 0) {
        return "released";
      }
      return this.#sql.findSend.first(send) === undefined ? "unknown" : "already_released";
    });
  }

  /** {@inheritDoc} */
  add(tenantId: string, count: number): Promise<void> {
    return this.#database.attempt("count e-mails later", () => {
      this.#sql.add.write({ tenantId, count });
    });
  }

  /** {@inheritDoc} */
  refresh(tenantId: string, decision: QuotaDecision): Promise<EmailUsage> {
    return this.#database.attempt("refresh the e-mail quota", () => {
      const row = this.#sql.refresh.first({ tenantId, ...decisionParameters(decision) });
      if (row !== undefined) {
        this.#forget(tenantId, decision.decidedAt);
        return toUsage(row);
      }
      const newer = this.#read(tenantId);
      if (newer === undefined) {
        throw new TypeError("Cannot refresh the e-mail quota: its row is gone");
      }
      return newer;
    });
  }

  /** {@inheritDoc} */
  reserve(
    tenantId: string,
    { id, size, promised, until, now }: EmailLease & { readonly now: Date },
  ): Promise<EmailUsage | undefined> {
    return this.#database.attempt("reserve e-mails", () => {
      const lease = { promised, leaseUntil: encodeInstant(until) };
      const counted = this.#countOnce(tenantId, { key: leaseKey(id), count: size, now, lease });
      return counted ? this.#read(tenantId) : undefined;
    });
  }

  /** {@inheritDoc} */
  extend(
    tenantId: string,
    { id, promised, until }: Pick<EmailLease, "id" | "promised" | "until">,
  ): Promise<boolean> {
    return this.#database.attempt("extend a lease of e-mails", () => {
      const leaseUntil = encodeInstant(until);
      return this.#sql.extend.write({ tenantId, key: leaseKey(id), promised, leaseUntil }) > 0;
    });
  }

  /** {@inheritDoc} */
  end(tenantId: string, { id, unused }: { id: string; unused: number }): Promise<void> {
    return this.#database.attempt("end a lease of e-mails", () => {
      this.#sql.end.write({ tenantId, key: leaseKey(id), unused });
    });
  }

  /** {@inheritDoc} */
  reclaim(tenantId: string, now: Date): Promise<number> {
    return this.#database.attempt("reclaim leases of e-mails", () =>
      this.#sql.reclaim.write({ tenantId, now: encodeInstant(now) }),
    );
  }

  #read(tenantId: string): EmailUsage | undefined {
    const row = this.#sql.find.first({ tenantId });
    return row && toUsage(row);
  }

  #countOnce(
    tenantId: string,
    {
      key,
      count,
      now,
      lease = { promised: null, leaseUntil: null },
    }: {
      key: string;
      count: number;
      now: Date;
      lease?: { promised: number | null; leaseUntil: number | null };
    },
  ): boolean {
    const retentionMs = SEND_RETENTION_MS;
    const send = { tenantId, key, count, now: encodeInstant(now), retentionMs, ...lease };
    return this.#sql.countOnce.write(send) > 0;
  }

  #earlier(tenantId: string, { key, count }: { key: string; count: number }): KeyedCount {
    const send = this.#sql.findSend.first({ tenantId, key });
    const usage = this.#read(tenantId);
    if (send === undefined || usage === undefined) {
      return { type: "not_counted" };
    }
    if (send.givenBack !== null) {
      return { type: "key_released" };
    }
    return send.count === count
      ? { type: "repeated", usage }
      : { type: "key_conflict", count: send.count };
  }

  #forget(tenantId: string, at: Date): void {
    const now = encodeInstant(at);
    this.#sql.forgetSends.write({ now, limit: FORGET_LIMIT });
    this.#sql.forgetPeriods.write({ tenantId, before: now - PERIOD_RETENTION_MS });
  }
}

function sendKey(key: string): string {
  return `key:${key}`;
}

function leaseKey(id: string): string {
  return `lease:${id}`;
}

function decisionParameters(decision: QuotaDecision): SqliteParameters {
  return {
    accountRevision: decision.accountRevision,
    catalogRevision: decision.catalogRevision,
    decidedAt: encodeInstant(decision.decidedAt),
    validUntil: encodeInstant(decision.validUntil),
    periodStart: encodeInstant(decision.period.start),
    periodEnd: encodeInstant(decision.period.end),
    quotaLimit: decision.limit,
    ceiling: emailCeiling(decision.limit),
  };
}

function toUsage(row: UsageRow): EmailUsage {
  return {
    tenantId: row.tenantId,
    accountRevision: row.accountRevision,
    catalogRevision: row.catalogRevision,
    decidedAt: new Date(row.decidedAt),
    validUntil: new Date(row.validUntil),
    period: { start: new Date(row.periodStart), end: new Date(row.periodEnd) },
    limit: row.quotaLimit,
    used: row.used,
  };
}
