import type { Billing } from "../../../application/billing.ts";
import { EVENT_STATES, type EventState } from "../../../domain/events/billing_event.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedQuery, type Endpoint } from "../endpoint.ts";
import { cursorOf, cursorText } from "../time_cursor.ts";
import { eventBody } from "./event_body.ts";

const DEFAULT_LIMIT = 50;

interface ListEventsParams {
  readonly state?: EventState;
  readonly type?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

/** What `GET /events` takes in its query. */
const LIST_EVENTS_SCHEMA = {
  type: "object",
  additionalProperties: false,
  properties: {
    state: { enum: EVENT_STATES },
    type: { type: "string", minLength: 1, maxLength: 255 },
    limit: { type: "string", pattern: "^([1-9][0-9]?|100)$" },
    cursor: { type: "string", minLength: 1, maxLength: 512 },
  },
};

const check = compileSchema<ListEventsParams>(LIST_EVENTS_SCHEMA);

/** `GET /events`: the event inbox, what came last first, page by page. */
export function listEventsEndpoint({ listEvents }: Billing): Endpoint {
  return {
    method: "get",
    path: "/events",
    access: "operator",
    async handle({ query }) {
      const { state, type, limit, cursor } = checkedQuery(check, query);
      const place = cursorOf(cursor);
      const after = place && { receivedAt: place.at, eventId: place.id };
      const page = { state, type, after, limit: Number(limit ?? DEFAULT_LIMIT) };
      const { events, next } = await listEvents.execute(page);
      const meta = { nextCursor: next && cursorText({ at: next.receivedAt, id: next.eventId }) };
      return { status: 200, body: { data: events.map(eventBody), meta } };
    },
  };
}
