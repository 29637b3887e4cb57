import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import { EVENT_STATES } from "../../../domain/events/billing_event.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { input } from "../input.ts";
import { closed, oneOf, PAGE_LENGTH, pageOf } from "../schema.ts";
import { cursorOf, cursorText } from "../time_cursor.ts";
import { EVENT, eventBody } from "./event_body.ts";

const DEFAULT_LIMIT = 50;

/** What `GET /events` takes in its query. */
const QUERY = closed({
  state: Type.Optional(oneOf(EVENT_STATES)),
  type: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  limit: Type.Optional(PAGE_LENGTH),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
});

/** `GET /events`: the event inbox, what came last first, page by page. */
export function listEventsEndpoint({ listEvents }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/events",
    access: "operator",
    summary: "The event inbox, what came last first",
    query: input(QUERY),
    answer: pageOf(EVENT),
    links: {
      "get /events/{id}": { id: "$response.body#/data/0/id" },
      "post /events/{id}/replay": { id: "$response.body#/data/0/id" },
      "get /events": { cursor: "$response.body#/meta/nextCursor" },
    },
    async handle({ query: { state, type, limit = DEFAULT_LIMIT, cursor } }) {
      const place = cursorOf(cursor);
      const after = place && { receivedAt: place.at, eventId: place.id };
      const page = { state, type, after, limit };
      const { events, next } = await listEvents.execute(page);
      const meta = { nextCursor: next && cursorText({ at: next.receivedAt, id: next.eventId }) };
      return { status: 200, body: { data: events.map(eventBody), meta } };
    },
  });
}
