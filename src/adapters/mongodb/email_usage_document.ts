import type { mongo } from "mongoose";
import {
  type EmailUsage,
  emailCeiling,
  type QuotaDecision,
} from "../../domain/quota/email_quota.ts";
import type { MongoDatabase } from "./mongo_database.ts";
import { COLLECTIONS } from "./mongo_indexes.ts";
import { StoredDocument } from "./stored_document.ts";
import { storedValue } from "./stored_value.ts";

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
  readonly counts0: readonly CountNote[];
  readonly counts1: readonly CountNote[];
  readonly releases: readonly ReleaseNote[];
  /** Attempts to give back that were taken over: they must not happen any more. */
  readonly voided: readonly string[];
  /** Where the last periods ended that were in force before. */
  readonly past: readonly { readonly start: Date; readonly used: number }[];
}

/** A send under a key, or a lease, as it is stored. */
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
