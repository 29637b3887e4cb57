import { Type } from "typebox";
import type { InboxEvent } from "../../../application/ports/events/event_inbox.ts";
import { EVENT_STATES } from "../../../domain/events/billing_event.ts";
import { COUNT, closed, DATE_TIME, nullable, oneOf, type Shown } from "../schema.ts";

const FIELDS = {
  id: Type.String(),
  type: Type.String(),
  state: oneOf(EVENT_STATES),
  reason: nullable(Type.String()),
  attempts: COUNT,
  createdAt: DATE_TIME,
  receivedAt: DATE_TIME,
  nextAttemptAt: nullable(DATE_TIME),
  customerId: nullable(Type.String()),
  connectedAccount: nullable(Type.String()),
  livemode: Type.Boolean(),
};

/** An event of the inbox. */
export const EVENT = closed(FIELDS, { title: "Event" });

/** An event with what Stripe sent. */
export const EVENT_WITH_PAYLOAD = closed(
  { ...FIELDS, payload: Type.Unknown({ description: "What Stripe sent" }) },
  { title: "EventWithPayload" },
);

/** An event as the API shows it, without what Stripe sent. */
export function eventBody({ event, ...standing }: InboxEvent): Shown<typeof EVENT> {
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
