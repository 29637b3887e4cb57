import { SUPPLY_KINDS } from "../../../domain/tokens/token_ledger.ts";
import { COLLECTIONS } from "../collections.ts";
import type { IndexIdentity } from "../duplicate_key.ts";

/** An index as it should be. */
export interface MongoIndex extends IndexIdentity {
  readonly collection: string;
  readonly unique?: boolean;
  /** Excludes documents that do not match. */
  readonly partialFilterExpression?: Readonly<Record<string, unknown>>;
  /** Age at which documents are removed, in seconds. */
  readonly expireAfterSeconds?: number;
}

/** The unique index that earlier releases had over the accounts, in place of claims. */
export const FORMER_CUSTOMER_INDEX: IndexIdentity = {
  name: "customerId_unique",
  key: { customerId: 1 },
};

/** A tenant's entries have different numbers (P30). */
export const SEQ_INDEX: MongoIndex = {
  collection: COLLECTIONS.ledger,
  name: "tenantId_seq_unique",
  key: { tenantId: 1, seq: 1 },
  unique: true,
};

/** A tenant's entries record different facts (P23). */
export const KEY_INDEX: MongoIndex = {
  collection: COLLECTIONS.ledger,
  name: "tenantId_key_unique",
  key: { tenantId: 1, key: 1 },
  unique: true,
};

/** The entries that supply tokens, without those that spend. */
export const SUPPLY_INDEX: MongoIndex = {
  collection: COLLECTIONS.ledger,
  name: "tenantId_seq_supplies",
  key: { tenantId: 1, seq: -1 },
  partialFilterExpression: { kind: { $in: SUPPLY_KINDS } },
};

/** A change of an account has at most one entry (P38). */
export const AUDIT_INDEX: MongoIndex = {
  collection: COLLECTIONS.audit,
  name: "tenantId_revision_unique",
  key: { tenantId: 1, revision: 1 },
  unique: true,
};

/** Each reservation has one reminder. */
const RESERVATION_INDEX: MongoIndex = {
  collection: COLLECTIONS.reservations,
  name: "tenantId_key_unique",
  key: { tenantId: 1, key: 1 },
  unique: true,
};

/** A tenant's reservations by their expiry. */
const RESERVATION_LIST_INDEX: MongoIndex = {
  collection: COLLECTIONS.reservations,
  name: "tenantId_expiresAt",
  key: { tenantId: 1, expiresAt: 1 },
};

/** Events that wait for handling, the longest waiting first; excludes finished ones. */
export const DUE_INDEX: MongoIndex = {
  collection: COLLECTIONS.events,
  name: "dueAt_waiting",
  key: { dueAt: 1, _id: 1, state: 1 },
  partialFilterExpression: { dueAt: { $exists: true } },
};

/** The lists of events for operators, newest first. */
const EVENT_LIST_INDEXES: readonly MongoIndex[] = [
  {
    collection: COLLECTIONS.events,
    name: "receivedAt",
    key: { receivedAt: -1, _id: -1 },
  },
  {
    collection: COLLECTIONS.events,
    name: "state_receivedAt",
    key: { state: 1, receivedAt: -1, _id: -1 },
  },
  {
    collection: COLLECTIONS.events,
    name: "type_receivedAt",
    key: { type: 1, receivedAt: -1, _id: -1 },
  },
];

/** The lists of attention items by `since`, newest first: of a tenant, of all, of a state. */
const ATTENTION_LIST_INDEXES: readonly MongoIndex[] = [
  {
    collection: COLLECTIONS.attention,
    name: "tenantId_since",
    key: { tenantId: 1, since: -1, _id: -1 },
  },
  { collection: COLLECTIONS.attention, name: "since", key: { since: -1, _id: -1 } },
  {
    collection: COLLECTIONS.attention,
    name: "state_since",
    key: { state: 1, since: -1, _id: -1 },
  },
];

/** Deliveries that wait, by when and in their lanes, and all of them by target and by age. */
const DELIVERY_INDEXES: readonly MongoIndex[] = [
  {
    collection: COLLECTIONS.deliveries,
    name: "dueAt_waiting",
    key: { dueAt: 1, position: 1, _id: 1 },
    partialFilterExpression: { dueAt: { $exists: true } },
  },
  {
    collection: COLLECTIONS.deliveries,
    name: "lane_waiting",
    key: { lane: 1, position: 1, _id: 1 },
    partialFilterExpression: { dueAt: { $exists: true } },
  },
  {
    collection: COLLECTIONS.deliveries,
    name: "targetId_createdAt",
    key: { targetId: 1, createdAt: -1, _id: -1 },
  },
  { collection: COLLECTIONS.deliveries, name: "createdAt", key: { createdAt: 1 } },
];

/** Top-ups whose purchase is under way, the longest waiting first. */
const TOP_UP_INDEX: MongoIndex = {
  collection: COLLECTIONS.topUps,
  name: "dueAt_waiting",
  key: { dueAt: 1, _id: 1 },
  partialFilterExpression: { dueAt: { $exists: true } },
};

/** Leases of e-mails that are still open. */
const LEASE_INDEX: MongoIndex = {
  collection: COLLECTIONS.emailSends,
  name: "tenantId_leaseUntil_open",
  key: { tenantId: 1, leaseUntil: 1 },
  partialFilterExpression: { leaseUntil: { $exists: true } },
};

/** Removes the keys of sends after their period. */
const SEND_EXPIRY_INDEX: MongoIndex = {
  collection: COLLECTIONS.emailSends,
  name: "expiresAt_expiry",
  key: { expiresAt: 1 },
  expireAfterSeconds: 0,
};

/** Removes counts of requests after their window. */
const COUNT_EXPIRY_INDEX: MongoIndex = {
  collection: COLLECTIONS.requestCounts,
  name: "endsAt_expiry",
  key: { endsAt: 1 },
  expireAfterSeconds: 0,
};

const SECONDS_PER_DAY = 86_400;

/** Lists every index that the store needs, except those of `_id`, which always exist. */
export function mongoIndexes(eventRetentionDays: number): readonly MongoIndex[] {
  return [
    SEQ_INDEX,
    KEY_INDEX,
    SUPPLY_INDEX,
    AUDIT_INDEX,
    ...ATTENTION_LIST_INDEXES,
    RESERVATION_INDEX,
    RESERVATION_LIST_INDEX,
    DUE_INDEX,
    TOP_UP_INDEX,
    LEASE_INDEX,
    ...DELIVERY_INDEXES,
    SEND_EXPIRY_INDEX,
    COUNT_EXPIRY_INDEX,
    ...EVENT_LIST_INDEXES,
    {
      collection: COLLECTIONS.events,
      name: "finishedAt_expiry",
      key: { finishedAt: 1 },
      expireAfterSeconds: eventRetentionDays * SECONDS_PER_DAY,
    },
  ];
}
