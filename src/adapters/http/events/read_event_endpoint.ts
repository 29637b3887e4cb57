import type { Billing } from "../../../application/billing.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { ID_PARAMS } from "../key.ts";
import { EVENT_WITH_PAYLOAD, eventBody } from "./event_body.ts";

/** `GET /events/{id}`: one event, with what Stripe sent. */
export function readEventEndpoint({ readEvent }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/events/:id",
    access: "operator",
    summary: "One event, with what Stripe sent",
    params: ID_PARAMS,
    answer: EVENT_WITH_PAYLOAD,
    refusals: { 404: ["unknown_event"] },
    async handle({ params: { id } }) {
      const found = await readEvent.execute({ eventId: id });
      if (found === undefined) {
        return unknownEvent();
      }
      const payload: unknown = JSON.parse(found.event.payload);
      return { status: 200, body: { ...eventBody(found), payload } };
    },
  });
}

/** The refusal for an id that is not in the inbox. */
export function unknownEvent(): HttpError {
  return new HttpError(404, {
    code: "unknown_event",
    message: "No event with this id is in the inbox: it never came, or was removed by its age",
  });
}
