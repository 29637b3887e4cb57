import type { OrPromise } from "../../application/ports/or_promise.ts";
import type {
  EmailLease,
  EmailLeaseStore,
} from "../../application/ports/quota/email_lease_store.ts";
import type {
  EmailUsageStore,
  KeyedCount,
} from "../../application/ports/quota/email_usage_store.ts";
import type { TenantPage } from "../../application/ports/subscription/account_store.ts";
import { Recent } from "../../application/recent.ts";
import {
  type DecideEmailMonths,
  type EmailMonths,
  emailUsage,
} from "../../domain/quota/email_months.ts";
import type { EmailUsage } from "../../domain/quota/email_quota.ts";
import { monthCountedIn, useIn } from "../../domain/quota/usage_months.ts";
import {
  type EmailUsageStatements,
  type GivenBackRow,
  monthsOfRow,
  rowOfMonths,
  type UsageRow,
  usageOfRow,
} from "./email_usage_row.ts";
import { EMAIL_USAGE_SQL } from "./email_usage_sql.ts";
import type { SqliteDatabase } from "./sqlite_database.ts";
import { encodeInstant } from "./stored_json.ts";

/** A send to store, or a lease. */
interface NewSend {
  readonly tenantId: string;
  readonly key: string;
  readonly count: number;
  readonly now: number;
  readonly promised: number | null;
  readonly leaseUntil: number | null;
}

const NO_LEASE = { promised: null, leaseUntil: null };
/** The tenants whose row is remembered. */
const MOST_KNOWN = 10_000;
const SEND_RETENTION_MS = 86_400_000;
/** The most sends to forget at a time, to keep others from waiting. */
const FORGET_LIMIT = 500;

/**
 * Counts e-mails in SQLite: one row per tenant, and one per send under a key. Triggers keep them
 * consistent.
 */
export class SqliteEmailUsageStore implements EmailUsageStore, EmailLeaseStore {
  readonly #database: SqliteDatabase;
  readonly #sql: EmailUsageStatements;
  /** What the rows were when they were seen last. Every use of it asks whether they still are. */
  readonly #known = new Recent<string, UsageRow>(MOST_KNOWN);

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#sql = Object.fromEntries(
      Object.entries(EMAIL_USAGE_SQL).map(([name, sql]) => [name, database.prepare(sql)]),
    ) as EmailUsageStatements;
  }

  /** {@inheritDoc} */
  find(tenantId: string): Promise<EmailUsage | undefined> {
    return this.#database.read("read the e-mail usage", () => this.#read(tenantId));
  }

  /** {@inheritDoc} */
  findMonths(tenantId: string): Promise<EmailMonths | undefined> {
    return this.#database.read("read the months of e-mails", () => this.#load(tenantId));
  }

  /** {@inheritDoc} */
  consume(
    tenantId: string,
    { count, now }: { count: number; now: Date },
  ): OrPromise<EmailUsage | undefined> {
    return this.#database.writeAtOnce("count e-mails", () => {
      const send = { count, now: encodeInstant(now) };
      const known = this.#known.get(tenantId);
      return known !== undefined && this.#sql.consumeKnown.write({ ...known, ...send }) > 0
        ? this.#remember({ ...known, used: known.used + count })
        : this.#remember(this.#sql.consume.first({ tenantId, ...send }));
    });
  }

  /** {@inheritDoc} */
  consumeOnce(
    tenantId: string,
    { key, count, now }: { key: string; count: number; now: Date },
  ): OrPromise<KeyedCount> {
    return this.#database.writeAtOnce("count e-mails under a key", () => {
      const send = { tenantId, key: sendKey(key), count };
      const usage = this.#countOnce({ ...send, ...NO_LEASE, now: encodeInstant(now) });
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
        this.#database.atomically(() => inForce() || this.#lower(tenantId, [given]));
      }
    });
  }

  /** {@inheritDoc} */
  release(tenantId: string, key: string) {
    return this.#database.write("release e-mails", () => {
      const send = { tenantId, key: sendKey(key) };
      if (this.#release({ ...send, unused: null })) {
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
          this.#reclaim(tenantId, now);
        }
        return this.#change(tenantId, decide);
      }),
    );
  }

  /** Replaces the months; only within a transaction. */
  #change(tenantId: string, decide: DecideEmailMonths): EmailUsage {
    const before = this.#load(tenantId);
    const after = decide(before);
    if (after !== before) {
      this.#sql.save.write(rowOfMonths(tenantId, after));
      const now = encodeInstant(after.basis.decidedAt);
      this.#sql.forgetSends.write({ now, limit: FORGET_LIMIT });
    }
    return emailUsage(tenantId, after);
  }

  /** {@inheritDoc} */
  reserve(
    tenantId: string,
    { id, size, promised, until, now }: EmailLease & { readonly now: Date },
  ): Promise<EmailUsage | undefined> {
    return this.#database.write("reserve e-mails", () => {
      const lease = { key: leaseKey(id), promised, leaseUntil: encodeInstant(until) };
      return this.#countOnce({ tenantId, count: size, ...lease, now: encodeInstant(now) });
    });
  }

  /** {@inheritDoc} */
  extend(
    tenantId: string,
    { id, promised, until }: Pick<EmailLease, "id" | "promised" | "until">,
  ): Promise<boolean> {
    return this.#database.write("extend a lease of e-mails", () => {
      const leaseUntil = encodeInstant(until);
      return this.#sql.extend.write({ tenantId, key: leaseKey(id), promised, leaseUntil }) > 0;
    });
  }

  /** {@inheritDoc} */
  end(tenantId: string, { id, unused }: { id: string; unused: number }): Promise<void> {
    return this.#database.write("end a lease of e-mails", () => {
      this.#release({ tenantId, key: leaseKey(id), unused });
    });
  }

  /** {@inheritDoc} */
  async reclaim(tenantId: string, at: Date): Promise<number> {
    const action = "reclaim leases of e-mails";
    const now = encodeInstant(at);
    const over = await this.#database.read(action, () =>
      this.#sql.findOver.first({ tenantId, now }),
    );
    return over !== undefined
      ? await this.#database.write(action, () =>
          this.#database.atomically(() => this.#reclaim(tenantId, now)),
        )
      : 0;
  }

  /** Takes back leases that are over; only within a transaction. */
  #reclaim(tenantId: string, now: number): number {
    const ended = this.#sql.reclaim.all({ tenantId, now });
    if (ended.length > 0) {
      this.#lower(tenantId, ended);
    }
    return ended.length;
  }

  /**
   * Releases a send: one statement if it was counted in the month in force, because the trigger
   * gives it back.
   */
  #release(send: { tenantId: string; key: string; unused: number | null }): boolean {
    return (
      this.#sql.release.write(send) > 0 ||
      this.#database.atomically(() => {
        const released = this.#sql.releaseAny.all(send);
        this.#lower(send.tenantId, released);
        return released.length > 0;
      })
    );
  }

  /** Gives back what was counted in months no longer in force. */
  #lower(tenantId: string, given: readonly GivenBackRow[]): void {
    const before = this.#load(tenantId);
    let usage = before?.usage;
    for (const { month, start, count } of given) {
      const name = usage && monthCountedIn(usage, { month, start: new Date(start) });
      if (usage !== undefined && name !== usage.current) {
        usage = useIn(usage, name ?? null, -count);
      }
    }
    if (before !== undefined && usage !== undefined && usage !== before.usage) {
      this.#sql.save.write(rowOfMonths(tenantId, { ...before, usage }));
    }
  }

  #load(tenantId: string): EmailMonths | undefined {
    const row = this.#sql.load.first({ tenantId });
    return row && monthsOfRow(row);
  }

  #read(tenantId: string): EmailUsage | undefined {
    return this.#remember(this.#sql.find.first({ tenantId }));
  }

  #remember(row: UsageRow | undefined): EmailUsage | undefined {
    if (row === undefined) {
      return undefined;
    }
    this.#known.set(row.tenantId, row);
    return usageOfRow(row);
  }

  /** Counts a send unless its key was counted before; returns the record afterwards. */
  #countOnce(send: NewSend): EmailUsage | undefined {
    const { tenantId, count } = send;
    const known = this.#known.get(tenantId);
    const counting = { ...known, ...send, retentionMs: SEND_RETENTION_MS };
    if (known !== undefined && this.#sql.countKnownOnce.write(counting) > 0) {
      return this.#remember({ ...known, used: known.used + count });
    }
    return this.#sql.countOnce.write(counting) > 0 ? this.#read(tenantId) : undefined;
  }

  #earlier({ tenantId, key, count }: Pick<NewSend, "tenantId" | "key" | "count">): KeyedCount {
    const send = this.#sql.findSend.first({ tenantId, key });
    const usage = send && this.#read(tenantId);
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
}

function sendKey(key: string): string {
  return `key:${key}`;
}

function leaseKey(id: string): string {
  return `lease:${id}`;
}
