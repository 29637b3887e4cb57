import {
  type EmailMonths,
  emailUsage,
  storedMonthName,
} from "../../../domain/quota/email_months.ts";
import type { EmailPeriod } from "../../../domain/quota/email_periods.ts";
import {
  type EmailUsage,
  emailCeiling,
  type QuotaBasis,
} from "../../../domain/quota/email_quota.ts";
import type { MonthMark } from "../../../domain/quota/month_mark.ts";
import { currentMonth, withMonth } from "../../../domain/quota/usage_months.ts";
import type { SqliteParameters, SqliteStatement } from "../sqlite_database.ts";
import {
  decodeInstant,
  decodeMonths,
  decodePeriod,
  encodeInstant,
  encodeJson,
  readJson,
  type Stored,
} from "../stored_json.ts";
import type { EMAIL_USAGE_SQL } from "./email_usage_sql.ts";

/** The columns of a tenant's row that counting needs. */
export type UsageRow = {
  readonly tenantId: string;
  readonly accountRevision: number;
  readonly catalogRevision: number;
  readonly decidedAt: number;
  readonly validUntil: number;
  readonly month: string;
  readonly periodStart: number;
  readonly periodEnd: number;
  readonly quotaLimit: number | null;
  readonly used: number;
  readonly refusedAt: number | null;
};

/** All columns of a tenant's row. */
export type MonthsRow = UsageRow & {
  readonly inherited: number;
  readonly months: string;
  readonly history: string;
  readonly marks: string;
};

type SendRow = {
  readonly count: number;
  readonly givenBack: number | null;
  readonly expiresAt: number;
};

/** An amount given back, and when it had been counted. */
export type GivenBackRow = {
  readonly month: string | null;
  readonly start: number;
  readonly count: number;
};

/** How far the walk has come that forgets sends: the last one that it looked at. */
type WalkRow = { readonly tenant: string; readonly key: string };

interface Rows {
  readonly load: MonthsRow;
  readonly loadAt: MonthsRow & { readonly leasesOver: number };
  readonly findSend: SendRow;
  readonly tenants: { readonly tenantId: string };
  readonly releaseAny: GivenBackRow;
  readonly reclaim: GivenBackRow;
  readonly walked: WalkRow;
  readonly endOfStep: WalkRow;
}

/** The prepared statements of the store. */
export type EmailUsageStatements = {
  readonly [Name in keyof typeof EMAIL_USAGE_SQL]: SqliteStatement<
    Name extends keyof Rows ? Rows[Name] : UsageRow
  >;
};

/** Reads the record from a row. */
export function usageOfRow(row: UsageRow): EmailUsage {
  return {
    ...basisOfRow(row),
    tenantId: row.tenantId,
    month: row.month,
    period: { start: new Date(row.periodStart), end: new Date(row.periodEnd) },
    limit: row.quotaLimit,
    used: row.used,
    refusedAt: decodeInstant(row.refusedAt),
  };
}

/** The values that ask whether a row is still the known one, and has room for a send. */
export function asKnown(row: UsageRow, { count, now }: { count: number; now: number }) {
  return [
    row.tenantId,
    now,
    count,
    row.accountRevision,
    row.catalogRevision,
    row.decidedAt,
    row.validUntil,
    row.month,
    row.periodStart,
    row.periodEnd,
    row.quotaLimit,
    row.used,
    row.refusedAt,
  ];
}

/**
 * Reads the months from a row; `used` holds what was used of the month in force and what it
 * inherited.
 */
export function monthsOfRow(row: MonthsRow): EmailMonths {
  const usage = readJson(row.months, decodeMonths);
  const month = currentMonth(usage);
  const own = Math.max(row.used - row.inherited, 0);
  const history = readJson(row.history, decodeHistory);
  const marks = readJson(row.marks, decodeMarks);
  return {
    basis: basisOfRow(row),
    usage: month ? withMonth(usage, { ...month, own }) : usage,
    history,
    marks,
    refusedAt: decodeInstant(row.refusedAt),
  };
}

/** Returns the columns to write for a tenant's months. */
export function rowOfMonths(tenantId: string, months: EmailMonths): SqliteParameters {
  const { period, limit, used, ...record } = emailUsage(tenantId, months);
  return {
    ...record,
    decidedAt: encodeInstant(record.decidedAt),
    validUntil: encodeInstant(record.validUntil),
    month: storedMonthName(months.usage),
    periodStart: encodeInstant(period.start),
    periodEnd: encodeInstant(period.end),
    quotaLimit: limit,
    ceiling: emailCeiling(limit),
    used,
    inherited: currentMonth(months.usage)?.inherited ?? 0,
    months: encodeJson(months.usage),
    history: encodeJson(months.history),
    marks: encodeJson(months.marks),
    refusedAt: months.refusedAt && encodeInstant(months.refusedAt),
  };
}

function basisOfRow(row: UsageRow): QuotaBasis {
  return {
    accountRevision: row.accountRevision,
    catalogRevision: row.catalogRevision,
    decidedAt: new Date(row.decidedAt),
    validUntil: new Date(row.validUntil),
  };
}

function decodeHistory(periods: readonly Stored<EmailPeriod>[]): readonly EmailPeriod[] {
  return periods.map((period) => ({ ...period, ...decodePeriod(period) }));
}

function decodeMarks(marks: readonly Stored<MonthMark>[]): readonly MonthMark[] {
  return marks.map((mark) => ({
    ...mark,
    ...decodePeriod(mark),
    refusedAt: mark.refusedAt === null ? null : new Date(mark.refusedAt),
    at: new Date(mark.at),
  }));
}
