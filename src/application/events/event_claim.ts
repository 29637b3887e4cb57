import type { EventLease, InboxEvent } from "../ports/events/event_inbox.ts";

/** An event that is held for handling. */
export interface EventClaim extends EventLease {
  readonly found: InboxEvent;
}

/** An event to be handled, claimed already or not. */
export interface ClaimableEvent {
  readonly eventId: string;
  readonly claim?: EventClaim;
}

/** A new hold on an event, for as long as an attempt may take. */
export function eventLease(
  now: Date,
  { eventLeaseSeconds }: { readonly eventLeaseSeconds: number },
): EventLease {
  const until = new Date(now.getTime() + 1_000 * eventLeaseSeconds);
  return { token: crypto.randomUUID(), until };
}
