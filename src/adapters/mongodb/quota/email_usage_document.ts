import type { mongo } from "mongoose";
import {
  type EmailMonths,
  emailUsage,
  namelessMonths,
  storedMonthName,
} from "../../../domain/quota/email_months.ts";
import { type EmailUsage, emailCeiling } from "../../../domain/quota/email_quota.ts";
import { currentMonth, type UsageMonths, withMonth } from "../../../domain/quota/usage_months.ts";
import { COLLECTIONS } from "../collections.ts";
import type { MongoDatabase } from "../mongo_database.ts";
import { decodeMonths } from "../months_document.ts";
import { StoredDocument } from "../stored_document.ts";
import { storedValue } from "../stored_value.ts";

/** A count whose send may not have a document of its own yet. */
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

/** Something given back whose send may not say so yet. */
export interface ReleaseNote {
  /** `_id` of the send. */
  readonly send: string;
  /** Names the attempt. */
  readonly token: string;
}

/**
 * The two lists of count notes. One update cannot add to and remove from one list, so that the
 * notes of counts are taken away by later counts that add to the other list.
 */
export const NOTE_LISTS = ["counts0", "counts1"] as const;

/** A tenant's record as it is stored. Releases that knew no names of months left some fields out. */
export interface UsageDocument {
  /** The tenant's id. */
  readonly _id: string;
  readonly tenantId: string;
  readonly accountRevision: number;
  readonly catalogRevision: number;
  readonly decidedAt: Date;
  readonly validUntil: Date;
  /** While the record is moved to another month: what `validUntil` was before it was closed. */
  readonly closedUntil?: Date;
  /** The name of the month in force; empty until the first look names it. */
  readonly month?: string;
  readonly start: Date;
  readonly end: Date;
  readonly limit: number | null;
  readonly used: number;
  /** Part of `used`. */
  readonly inherited?: number;
  /** The ceiling less `used`; what makes counting one condition on one field. */
  readonly remaining: number;
  /** All months that are kept; of the one in force, `used` counts. */
  readonly months?: UsageMonths;
  /** Grows with every change but counting. */
  readonly version?: number;
  readonly counts0: readonly CountNote[];
  readonly counts1: readonly CountNote[];
  readonly releases: readonly ReleaseNote[];
  /** Attempts to give back that were taken over: they must not happen any more. */
  readonly voided: readonly string[];
}

/** A send under a key, or a lease, as it is stored. */
export interface SendDocument {
  /** The tenant's id, the kind and the key. */
  readonly _id: string;
  readonly tenantId: string;
  /** The attempt that counted it. */
  readonly token: string;
  readonly count: number;
  /** Name of the month that it was counted in; absent where only its start is known. */
  readonly month?: string;
  /** Start of that month. */
  readonly start: Date;
  readonly state: "counted" | "releasing" | "released";
  /** The attempt that gives it back, and how much of it. */
  readonly back?: { readonly token: string; readonly amount: number };
  readonly promised?: number;
  /** From when on others may end the lease, or finish giving back. */
  readonly leaseUntil?: Date;
  /** When it is forgotten. */
  readonly expiresAt: Date;
}

/** What `remaining` begins with where there is no limit. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;

/** The records of the tenants. */
export function usageCollection(database: MongoDatabase): mongo.Collection<UsageDocument> {
  return database.collection<UsageDocument>(COLLECTIONS.emailUsage);
}

/** The sends. */
export function sendCollection(database: MongoDatabase): mongo.Collection<SendDocument> {
  return database.collection<SendDocument>(COLLECTIONS.emailSends);
}

/** The most that can be used under a limit. */
export function ceilingOf(limit: number | null): number {
  return emailCeiling(limit) ?? UNLIMITED;
}

/** The change that counts `count` more. */
export function counting(count: number): { used: number; remaining: number } {
  return { used: count, remaining: -count };
}

/** That a record has the version of one that was read. */
export function ofVersion({ version }: UsageDocument): mongo.Filter<UsageDocument> {
  return { version: version ?? { $exists: false } };
}

/** The fields of a record that follow from its months; `used` and `remaining` beside them. */
export function monthsFields(tenantId: string, { basis, usage }: EmailMonths) {
  const { period, limit, used } = emailUsage(tenantId, { basis, usage });
  const fields = storedValue({
    ...basis,
    month: storedMonthName(usage),
    start: period.start,
    end: period.end,
    limit,
    inherited: currentMonth(usage)?.inherited ?? 0,
    months: usage,
  });
  return { fields, used, remaining: ceilingOf(limit) - used };
}

/** The months of a record. */
export function decodeMonthsOf(found: unknown): EmailMonths {
  const document = documentOf(found);
  const [usage, used] = [document.partOrNull("months", decodeMonths), document.integer("used")];
  const month = usage && currentMonth(usage);
  const own = Math.max(used - (month?.inherited ?? 0), 0);
  return {
    basis: basisOf(document),
    usage:
      usage && month ? withMonth(usage, { ...month, own }) : (usage ?? namelessOf(document, used)),
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

/** The record as the application sees it. */
export function decodeUsage(found: unknown): EmailUsage {
  const document = documentOf(found);
  return {
    ...basisOf(document),
    tenantId: document.text("tenantId"),
    month: document.textOrNull("month") ?? "",
    period: { start: document.instant("start"), end: document.instant("end") },
    limit: document.integerOrNull("limit"),
    used: document.integer("used"),
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
