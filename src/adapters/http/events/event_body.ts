import type { InboxEvent } from "../../../application/ports/events/event_inbox.ts";

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
