import { Recent } from "../../../application/recent.ts";
import type { EmailMonths } from "../../../domain/quota/email_months.ts";
import type { EmailUsage } from "../../../domain/quota/email_quota.ts";
import { monthCountedIn, useIn } from "../../../domain/quota/usage_months.ts";
import type { SqliteDatabase } from "../sqlite_database.ts";
import {
  asKnown,
  type EmailUsageStatements,
  type GivenBackRow,
  monthsOfRow,
  rowOfMonths,
  type UsageRow,
  usageOfRow,
} from "./email_usage_row.ts";
import { EMAIL_USAGE_SQL } from "./email_usage_sql.ts";

/** A send to store, or a lease. */
export type NewSend = {
  readonly tenantId: string;
  readonly key: string;
  readonly count: number;
  readonly now: number;
  readonly promised: number | null;
  readonly leaseUntil: number | null;
};

/** The tenants whose row is remembered. */
const MOST_KNOWN = 10_000;
const SEND_RETENTION_MS = 86_400_000;
/** After so many sends, the walk that forgets some goes on. */
const SENDS_BETWEEN_STEPS = 100;
/** So many that it meets four sends for each that is stored: a third more than live are kept. */
const SENDS_PER_STEP = 4 * SENDS_BETWEEN_STEPS;
const START = { tenant: "", key: "" };

/**
 * E-mails counted in SQLite: one row per tenant, and one per lease or send under a key. Triggers
 * keep them consistent. Call what writes only within `SqliteDatabase.write`.
 */
export class EmailUsageRows {
  readonly database: SqliteDatabase;
  readonly sql: EmailUsageStatements;
  /** What the rows were when they were seen last. Every use of it asks whether they still are. */
  readonly #known = new Recent<string, UsageRow>(MOST_KNOWN);
  /** A process begins with a step, because it may end before it has stored many. */
  #sendsUntilStep = 0;

  constructor(database: SqliteDatabase) {
    this.database = database;
    this.sql = Object.fromEntries(
      Object.entries(EMAIL_USAGE_SQL).map(([name, sql]) => [name, database.prepare(sql)]),
    ) as EmailUsageStatements;
  }

  /** Reads a tenant's record. */
  read(tenantId: string): EmailUsage | undefined {
    return this.#remember(this.sql.find.first({ tenantId }));
  }

  /** Reads a tenant's months. */
  load(tenantId: string): EmailMonths | undefined {
    const row = this.sql.load.first({ tenantId });
    return row && monthsOfRow(row);
  }

  /** Counts a send without a key; returns the record afterwards. */
  count(tenantId: string, send: { count: number; now: number }): EmailUsage | undefined {
    const known = this.#known.get(tenantId);
    return known !== undefined &&
      this.sql.consumeKnown.write([send.count, ...asKnown(known, send)]) > 0
      ? this.#remember({ ...known, used: known.used + send.count })
      : this.#remember(this.sql.consume.first({ tenantId, ...send }));
  }

  /**
   * Counts a lease or send unless its key was counted before; returns the record afterwards. Every
   * so often it forgets others in the same step.
   */
  countOnce(send: NewSend): EmailUsage | undefined {
    if (this.#sendsUntilStep > 0) {
      return this.#countOnce(send);
    }
    return this.database.atomically(() => {
      const usage = this.#countOnce(send);
      if (usage !== undefined) {
        this.#forget(send.now);
      }
      return usage;
    });
  }

  #countOnce(send: NewSend): EmailUsage | undefined {
    const { tenantId, key, count, promised, leaseUntil, now } = send;
    const known = this.#known.get(tenantId);
    const row = [key, count, promised, leaseUntil, now, SEND_RETENTION_MS];
    if (
      known !== undefined &&
      this.sql.countKnownOnce.write([...row, ...asKnown(known, send)]) > 0
    ) {
      this.#sendsUntilStep -= 1;
      return this.#remember({ ...known, used: known.used + count });
    }
    if (this.sql.countOnce.write([...row, tenantId, now, count]) > 0) {
      this.#sendsUntilStep -= 1;
      return this.read(tenantId);
    }
    return undefined;
  }

  /**
   * Releases a lease or send: one statement if it was counted in the month in force, because the
   * trigger gives it back.
   *
   * @param send.unused how much of it to give back; `null` for all
   */
  release(send: { tenantId: string; key: string; unused: number | null }): boolean {
    return (
      this.sql.release.write(send) > 0 ||
      this.database.atomically(() => {
        const released = this.sql.releaseAny.all(send);
        this.lower(send.tenantId, released);
        return released.length > 0;
      })
    );
  }

  /** Takes back leases that are over, and returns how many; only within a transaction. */
  reclaim(tenantId: string, now: number): number {
    const ended = this.sql.reclaim.all({ tenantId, now });
    if (ended.length > 0) {
      this.lower(tenantId, ended);
    }
    return ended.length;
  }

  /** Gives back what was counted in months no longer in force; only within a transaction. */
  lower(tenantId: string, given: readonly GivenBackRow[]): void {
    const before = this.load(tenantId);
    let usage = before?.usage;
    for (const { month, start, count } of given) {
      const name = usage && monthCountedIn(usage, { month, start: new Date(start) });
      if (usage !== undefined && name !== usage.current) {
        usage = useIn(usage, name ?? null, -count);
      }
    }
    if (before !== undefined && usage !== undefined && usage !== before.usage) {
      this.sql.save.write(rowOfMonths(tenantId, { ...before, usage }));
    }
  }

  /**
   * Forgets sends that nobody repeats any more: goes a step further through all of them, and begins
   * again after the last.
   */
  #forget(now: number): void {
    const { walked, endOfStep, forgetSends, forgetLastSends, noteWalk } = this.sql;
    const from = walked.first({}) ?? START;
    const end = endOfStep.first({ ...from, skipped: SENDS_PER_STEP - 1 });
    if (end === undefined) {
      forgetLastSends.write({ ...from, now });
    } else {
      forgetSends.write({ ...from, endTenant: end.tenant, endKey: end.key, now });
    }
    const next = end ?? START;
    if (next.tenant !== from.tenant || next.key !== from.key) {
      noteWalk.write(next);
    }
    this.#sendsUntilStep = SENDS_BETWEEN_STEPS;
  }

  #remember(row: UsageRow | undefined): EmailUsage | undefined {
    if (row === undefined) {
      return undefined;
    }
    this.#known.set(row.tenantId, row);
    return usageOfRow(row);
  }
}
