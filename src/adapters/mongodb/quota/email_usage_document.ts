import { randomInt } from "node:crypto";
import type { mongo } from "mongoose";
import {
  type EmailMonths,
  emailUsage,
  namelessMonths,
  storedMonthName,
} from "../../../domain/quota/email_months.ts";
import type { EmailPeriod } from "../../../domain/quota/email_periods.ts";
import { type EmailUsage, emailCeiling } from "../../../domain/quota/email_quota.ts";
import type { MonthMark } from "../../../domain/quota/month_mark.ts";
import { currentMonth, type UsageMonths, withMonth } from "../../../domain/quota/usage_months.ts";
import { COLLECTIONS } from "../collections.ts";
import type { MongoDatabase } from "../mongo_database.ts";
import { decodeMonths } from "../months_document.ts";
import { StoredDocument } from "../stored_document.ts";
import { storedValue } from "../stored_value.ts";

/** A count whose send may not have its own document yet. */
export interface CountNote {
  /** `_id` of the send. */
  readonly send: string;
  /** Names the attempt. */
  readonly token: string;
  readonly count: number;
  /** Of a lease only. */
  readonly promised: number | null;
  /** Of a lease only. */
  readonly leaseUntil: Date | null;
}

/** A release whose send may not record it yet. */
export interface ReleaseNote {
  /** `_id` of the send. */
  readonly send: string;
  /** Names the attempt. */
  readonly token: string;
}

/**
 * The two lists of count notes. One update cannot both add to and remove from a list, so a later
 * count removes notes from one list while it adds its own to the other.
 */
export const NOTE_LISTS = ["counts0", "counts1"] as const;

/** A tenant's record as stored. Releases that did not name months left some fields out. */
export interface UsageDocument {
  /** The tenant's id. */
  readonly _id: string;
  readonly tenantId: string;
  readonly accountRevision: number;
  readonly catalogRevision: number;
  readonly decidedAt: Date;
  readonly validUntil: Date;
  /**
   * Set while the record moves to another month: the value of `validUntil` before it was closed.
   */
  readonly closedUntil?: Date;
  /** The name of the month in force; absent until the first look names it. */
  readonly month?: string;
  readonly start: Date;
  readonly end: Date;
  readonly limit: number | null;
  readonly used: number;
  /** The inherited part of `used`. */
  readonly inherited?: number;
  /** The ceiling minus `used`, which makes counting a single condition on one field. */
  readonly remaining: number;
  /** All kept months; for the month in force, `used` is authoritative. */
  readonly months?: UsageMonths;
  /** Months that are no longer kept there, the oldest first. */
  readonly history?: readonly EmailPeriod[];
  readonly marks?: readonly MonthMark[];
  /** Of the first refusal in the month in force. */
  readonly refusedAt?: Date | null;
  /** Names the last change other than counting. */
  readonly version?: number;
  readonly counts0: readonly CountNote[];
  readonly counts1: readonly CountNote[];
  readonly releases: readonly ReleaseNote[];
  /** Releases that were taken over and must no longer happen. */
  readonly voided: readonly string[];
}

/** A send under a key, or a lease, as stored. */
export interface SendDocument {
  /** Consists of the tenant's id, the kind and the key. */
  readonly _id: string;
  readonly tenantId: string;
  /** The attempt that counted it. */
  readonly token: string;
  readonly count: number;
  /** Name of the month in which it was counted; absent if only its start is known. */
  readonly month?: string;
  /** Start of that month. */
  readonly start: Date;
  readonly state: "counted" | "releasing" | "released";
  /** The attempt that releases it, and the amount. */
  readonly back?: { readonly token: string; readonly amount: number };
  readonly promised?: number;
  /** When others may end the lease, or complete the release. */
  readonly leaseUntil?: Date;
  /** When it expires. */
  readonly expiresAt: Date;
}

/** The widest range that `randomInt` takes. */
const MOST_VERSIONS = 2 ** 48 - 1;
/** The initial `remaining` without a limit. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;

/** Returns the collection of the tenants' records. */
export function usageCollection(database: MongoDatabase): mongo.Collection<UsageDocument> {
  return database.collection<UsageDocument>(COLLECTIONS.emailUsage);
}

/** Returns the collection of sends. */
export function sendCollection(database: MongoDatabase): mongo.Collection<SendDocument> {
  return database.collection<SendDocument>(COLLECTIONS.emailSends);
}

/** Returns the most that can be used under a limit. */
function ceilingOf(limit: number | null): number {
  return emailCeiling(limit) ?? UNLIMITED;
}

/** Returns the increments that count `count` more. */
export function counting(count: number): { used: number; remaining: number } {
  return { used: count, remaining: -count };
}

/**
 * Returns a version that no other change has. A number that only increases would come again: after a
 * failover that undoes a change which somebody has read already.
 */
export function newVersion(): number {
  return randomInt(MOST_VERSIONS);
}

/** Matches a record that still has the version that was read. */
export function ofVersion({ version }: UsageDocument): mongo.Filter<UsageDocument> {
  return { version: version ?? { $exists: false } };
}

/** Returns the fields of a record that follow from its months, without `used` and `remaining`. */
export function monthsFields(tenantId: string, months: EmailMonths) {
  const { basis, usage, history, marks, refusedAt } = months;
  const { period, limit, used } = emailUsage(tenantId, months);
  const fields = storedValue({
    ...basis,
    month: storedMonthName(usage),
    start: period.start,
    end: period.end,
    limit,
    inherited: currentMonth(usage)?.inherited ?? 0,
    months: usage,
    history,
    marks,
    refusedAt,
  });
  return { fields, used, remaining: ceilingOf(limit) - used };
}

/** Reads the months from a record. */
export function decodeMonthsOf(found: unknown): EmailMonths {
  const document = documentOf(found);
  const [usage, used] = [document.partOrNull("months", decodeMonths), document.integer("used")];
  const month = usage && currentMonth(usage);
  const own = Math.max(used - (month?.inherited ?? 0), 0);
  return {
    basis: basisOf(document),
    usage:
      usage && month ? withMonth(usage, { ...month, own }) : (usage ?? namelessOf(document, used)),
    history: document.partsOrNone("history", (period) => ({
      start: period.instant("start"),
      end: period.instant("end"),
      limit: period.integerOrNull("limit"),
      used: period.integer("used"),
    })),
    marks: document.partsOrNone("marks", (mark) => ({
      number: mark.integer("number"),
      name: mark.text("name"),
      start: mark.instant("start"),
      end: mark.instant("end"),
      limit: mark.integerOrNull("limit"),
      used: mark.integer("used"),
      refusedAt: mark.instantOrNull("refusedAt"),
      at: mark.instant("at"),
    })),
    refusedAt: document.instantOrNull("refusedAt"),
  };
}

function namelessOf(document: StoredDocument, used: number): UsageMonths {
  const [start, end] = [document.instant("start"), document.instant("end")];
  return namelessMonths({
    inForce: { start, end, limit: document.integerOrNull("limit"), used },
    past: document.partsOrNone("past", (past) => ({
      start: past.instant("start"),
      used: past.integer("used"),
    })),
  });
}

/** Reads a record as the application sees it. */
export function decodeUsage(found: unknown): EmailUsage {
  const document = documentOf(found);
  return {
    ...basisOf(document),
    tenantId: document.text("tenantId"),
    month: document.textOrNull("month") ?? "",
    period: { start: document.instant("start"), end: document.instant("end") },
    limit: document.integerOrNull("limit"),
    used: document.integer("used"),
    refusedAt: document.instantOrNull("refusedAt"),
  };
}

function documentOf(found: unknown): StoredDocument {
  return new StoredDocument(found, `a document in ${COLLECTIONS.emailUsage}`);
}

function basisOf(document: StoredDocument) {
  return {
    accountRevision: document.integer("accountRevision"),
    catalogRevision: document.integer("catalogRevision"),
    decidedAt: document.instant("decidedAt"),
    validUntil: document.instantOrNull("closedUntil") ?? document.instant("validUntil"),
  };
}
