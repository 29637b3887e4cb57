import type { Billing } from "../../../application/billing.ts";
import type { ReplayEventOutcome } from "../../../application/events/replay_event.ts";
import { type Endpoint, endpoint, type ReplyTo } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { optionalInput } from "../input.ts";
import { ID_PARAMS } from "../key.ts";
import { closed } from "../schema.ts";
import { EVENT, eventBody } from "./event_body.ts";
import { unknownEvent } from "./read_event_endpoint.ts";

/** `POST /events/{id}/replay`: runs an event again, whatever became of it before (P05, P08). */
export function replayEventEndpoint({ replayEvent }: Billing): Endpoint {
  return endpoint({
    method: "post",
    path: "/events/:id/replay",
    asksStripe: true,
    access: "operator",
    summary: "Runs an event again, whatever became of it before",
    params: ID_PARAMS,
    body: optionalInput(closed({})),
    answer: EVENT,
    refusals: { 404: ["unknown_event"], 409: ["event_in_progress"] },
    async handle({ params: { id } }) {
      return replyOf(await replayEvent.execute({ eventId: id }));
    },
  });
}

function replyOf(outcome: ReplayEventOutcome): ReplyTo<typeof EVENT> {
  switch (outcome.type) {
    case "replayed":
      return { status: 200, body: eventBody(outcome.event) };
    case "in_progress":
      return new HttpError(409, {
        code: "event_in_progress",
        message: "The event is being handled at this moment: look at it again in a minute",
      });
    case "unknown":
      return unknownEvent();
    default:
      return outcome satisfies never;
  }
}
