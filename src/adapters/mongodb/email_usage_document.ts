import type { mongo } from "mongoose";
import { type EmailUsage, emailCeiling, type QuotaDecision } from "../../domain/email_quota.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { COLLECTIONS } from "./mongo_indexes.ts";
import { StoredDocument } from "./stored_document.ts";
import { storedValue } from "./stored_value.ts";

/**
 * Something that was done to a tenant's record, but perhaps not noted at the send yet:
 * `count` was counted for it, or `back` was given back.
 */
export interface UsageNote {
  /** `_id` of the send. */
  readonly send: string;
  /** Names the attempt. */
  readonly token: string;
  readonly kind: "count" | "back";
  readonly count: number;
  /** Of a lease only. */
  readonly promised: number | null;
  /** Of a lease only. */
  readonly leaseUntil: Date | null;
}

/** A tenant's record as it is stored. */
export interface UsageDocument {
  /** The tenant's id. */
  readonly _id: string;
  readonly tenantId: string;
  readonly accountRevision: number;
  readonly catalogRevision: number;
  readonly decidedAt: Date;
  readonly validUntil: Date;
  readonly start: Date;
  readonly end: Date;
  readonly limit: number | null;
  readonly used: number;
  /** The ceiling less `used`; what makes counting one condition on one field. */
  readonly remaining: number;
  readonly notes: readonly UsageNote[];
  /** Attempts to give back that were taken over: they must not happen any more. */
  readonly voided: readonly string[];
  /** Where the last periods ended that were in force before. */
  readonly past: readonly { readonly start: Date; readonly used: number }[];
}

/** A send under a key, or a lease, as it is stored; in the collection of the records. */
export interface SendDocument {
  /** The tenant's id, the kind and the key. */
  readonly _id: string;
  readonly tenantId: string;
  /** The attempt that counted it. */
  readonly token: string;
  readonly count: number;
  /** Start of the period that it was counted in. */
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

/** The record's fields that show its decision and use. */
export const USAGE_PROJECTION = { notes: 0, voided: 0, past: 0, remaining: 0 } as const;

/** The records of the tenants. */
export function usageCollection(database: MongoDatabase): mongo.Collection<UsageDocument> {
  return database.collection<UsageDocument>(COLLECTIONS.emailUsage);
}

/** The sends; the same collection, so that one command can write to both. */
export function sendCollection(database: MongoDatabase): mongo.Collection<SendDocument> {
  return database.collection<SendDocument>(COLLECTIONS.emailUsage);
}

/** The most that can be used under a limit. */
export function ceilingOf(limit: number | null): number {
  return emailCeiling(limit) ?? UNLIMITED;
}

/** The change that counts `count` more. */
export function counting(count: number): { used: number; remaining: number } {
  return { used: count, remaining: -count };
}

/** The fields of a record that a decision decides. */
export function decisionFields({ period, ...decision }: QuotaDecision) {
  const { limit, accountRevision, catalogRevision, decidedAt, validUntil } = decision;
  return storedValue({
    ...{ limit, accountRevision, catalogRevision, decidedAt, validUntil },
    start: period.start,
    end: period.end,
  });
}

/** The record as the application sees it. */
export function decodeUsage(found: unknown): EmailUsage {
  const document = new StoredDocument(found, `a document in ${COLLECTIONS.emailUsage}`);
  return {
    tenantId: document.text("tenantId"),
    accountRevision: document.integer("accountRevision"),
    catalogRevision: document.integer("catalogRevision"),
    decidedAt: document.instant("decidedAt"),
    validUntil: document.instant("validUntil"),
    period: { start: document.instant("start"), end: document.instant("end") },
    limit: document.integerOrNull("limit"),
    used: document.integer("used"),
  };
}
