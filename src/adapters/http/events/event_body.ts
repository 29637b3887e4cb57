import type { EventCursor, InboxEvent } from "../../../application/ports/events/event_inbox.ts";

/** An event as the API shows it, without what Stripe sent. */
export function eventBody({ event, ...standing }: InboxEvent) {
  return {
    id: event.id,
    type: event.type,
    state: standing.state,
    reason: standing.reason,
    attempts: standing.attempts,
    createdAt: event.createdAt.toISOString(),
    receivedAt: standing.receivedAt.toISOString(),
    nextAttemptAt: standing.nextAttemptAt?.toISOString() ?? null,
    customerId: event.customerId,
    connectedAccount: event.connectedAccount,
    livemode: event.livemode,
  };
}

/** The text that stands for a place in the list of events; only we can read it. */
export function cursorText({ receivedAt, eventId }: EventCursor): string {
  return Buffer.from(JSON.stringify([receivedAt.getTime(), eventId])).toString("base64url");
}

/** The place that a text stands for, or `undefined` when it is none of ours. */
export function parseCursor(text: string): EventCursor | undefined {
  try {
    const [ms, eventId, ...more]: unknown[] = JSON.parse(Buffer.from(text, "base64url").toString());
    const receivedAt = new Date(typeof ms === "number" ? ms : Number.NaN);
    const sound = !Number.isNaN(receivedAt.getTime()) && typeof eventId === "string";
    return sound && more.length === 0 ? { receivedAt, eventId } : undefined;
  } catch {
    return undefined;
  }
}
