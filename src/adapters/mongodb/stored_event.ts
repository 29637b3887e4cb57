import { Schema, type UpdateQuery } from "mongoose";
import type { EventLease, InboxEvent } from "../../application/ports/events/event_inbox.ts";
import {
  type BillingEvent,
  EVENT_STATES,
  type EventOutcome,
  type EventState,
} from "../../domain/events/billing_event.ts";
import { COLLECTIONS } from "./collections.ts";
import { StoredDocument } from "./stored_document.ts";
import { exactText, storedValue } from "./stored_value.ts";

/** An event as stored. */
export interface EventDocument extends Omit<BillingEvent, "id"> {
  readonly _id: string;
  readonly state: EventState;
  readonly attempts: number;
  readonly reason: string | null;
  readonly receivedAt: Date;
  /**
   * When it becomes due: its receipt, its next attempt, or the end of its lease. Absent if it ended
   * well or is dead.
   */
  readonly dueAt?: Date;
  readonly leaseToken?: string;
  /** When it ended well, by the server's clock; the expiry index uses it. */
  readonly finishedAt?: Date;
}

/** The fields that mongoose allows in queries and updates of events. */
export const EVENT_SCHEMA = new Schema<EventDocument>(
  {
    _id: String,
    state: String,
    attempts: Number,
    reason: String,
    receivedAt: Date,
    dueAt: Date,
    leaseToken: String,
    finishedAt: Date,
    type: String,
    createdAt: Date,
    livemode: Boolean,
    connectedAccount: String,
    customerId: String,
    payload: String,
  },
  { collection: COLLECTIONS.events, versionKey: false, strict: "throw" },
);

/** Returns the document of a newly received event. */
export function newDocument(
  { id, ...event }: BillingEvent,
  now: Date,
  lease?: EventLease,
): EventDocument {
  const standing =
    lease === undefined
      ? ({ state: "received", attempts: 0, dueAt: now } as const)
      : ({
          state: "processing",
          attempts: 1,
          dueAt: lease.until,
          leaseToken: lease.token,
        } as const);
  return {
    _id: exactText(id),
    ...storedValue({ ...event, ...standing, reason: null, receivedAt: now }),
  };
}

/**
 * Returns the document of a restored event. Nobody knows when it ended, so it expires as if it had
 * ended when it was received.
 */
export function restoredDocument({ event, ...standing }: InboxEvent): EventDocument {
  const { state, attempts, reason, receivedAt, nextAttemptAt } = standing;
  const { dueAt: _, ...received } = newDocument(event, receivedAt);
  const dueAt = state === "received" ? receivedAt : nextAttemptAt;
  const isFinished = ["done", "ignored", "unmatched"].includes(state);
  return {
    ...received,
    state,
    attempts,
    reason,
    ...(isFinished && { finishedAt: receivedAt }),
    ...(dueAt !== null && storedValue({ dueAt })),
  };
}

/** Returns the update that records the outcome of the handling. */
export function settlement(outcome: EventOutcome): UpdateQuery<EventDocument> {
  const { state } = outcome;
  const reason = state === "done" ? null : outcome.reason;
  switch (state) {
    case "failed":
      return {
        $set: storedValue({ state, reason, dueAt: outcome.nextAttemptAt }),
        $unset: { leaseToken: 1 },
      };
    case "dead":
      return { $set: { state, reason }, $unset: { leaseToken: 1, dueAt: 1 } };
    default:
      return {
        $set: { state, reason },
        $unset: { leaseToken: 1, dueAt: 1 },
        $currentDate: { finishedAt: true },
      };
  }
}

/** Wraps a document of the collection to read its fields with checks. */
export function placed(found: unknown): StoredDocument {
  return new StoredDocument(found, `a document in ${COLLECTIONS.events}`);
}

/** Reads an event from its document. */
export function decodeEvent(found: unknown): InboxEvent {
  const document = placed(found);
  const state = document.oneOf("state", EVENT_STATES);
  return {
    event: {
      id: document.text("_id"),
      type: document.text("type"),
      createdAt: document.instant("createdAt"),
      livemode: document.flag("livemode"),
      connectedAccount: document.textOrNull("connectedAccount"),
      customerId: document.textOrNull("customerId"),
      payload: document.text("payload"),
    },
    state,
    attempts: document.integer("attempts"),
    reason: document.textOrNull("reason"),
    receivedAt: document.instant("receivedAt"),
    nextAttemptAt: state === "failed" ? document.instant("dueAt") : null,
  };
}
