import { Schema, type UpdateQuery } from "mongoose";
import type { InboxEvent } from "../../application/ports/events/event_inbox.ts";
import {
  type BillingEvent,
  EVENT_STATES,
  type EventOutcome,
  type EventState,
} from "../../domain/events/billing_event.ts";
import { COLLECTIONS } from "./collections.ts";
import { StoredDocument } from "./stored_document.ts";
import { exactText, storedValue } from "./stored_value.ts";

/** An event as it is stored. */
export interface EventDocument extends Omit<BillingEvent, "id"> {
  readonly _id: string;
  readonly state: EventState;
  readonly attempts: number;
  readonly reason: string | null;
  readonly receivedAt: Date;
  /**
   * Since when it waits for handling: when it was received, when its next attempt is due, or when
   * its lease runs out. Absent in the states that end well or are dead.
   */
  readonly dueAt?: Date;
  readonly leaseToken?: string;
  /** When it ended well, by the server's clock; what it is removed by. */
  readonly finishedAt?: Date;
}

/** What mongoose lets into queries and updates of events. */
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

/** The document of an event that has just been received. */
export function newDocument({ id, ...event }: BillingEvent, now: Date): EventDocument {
  return {
    _id: exactText(id),
    ...storedValue({ ...event, state: "received", attempts: 0, reason: null }),
    ...storedValue({ receivedAt: now, dueAt: now }),
  };
}

/**
 * The document of an event that has a history. When it ended well is not known; it is removed as
 * if that had been when it was received.
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

/** The update that records how the handling ended. */
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

/** A document of the collection, whose fields are checked as they are read. */
export function placed(found: unknown): StoredDocument {
  return new StoredDocument(found, `a document in ${COLLECTIONS.events}`);
}

/** The event of a document. */
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
