import type { Billing } from "../../../application/billing.ts";
import type { ReplayEventOutcome } from "../../../application/events/replay_event.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedBody, type Endpoint, type Reply } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { eventBody } from "./event_body.ts";
import { unknownEvent } from "./read_event_endpoint.ts";

const check = compileSchema<object>({ type: "object", additionalProperties: false });

/** `POST /events/{id}/replay`: runs an event again, whatever became of it before (P05, P08). */
export function replayEventEndpoint({ replayEvent }: Billing): Endpoint {
  return {
    method: "post",
    path: "/events/:id/replay",
    access: "operator",
    async handle({ params: { id = "" }, body }) {
      checkedBody(check, body ?? {});
      return replyOf(await replayEvent.execute({ eventId: id }));
    },
  };
}

function replyOf(outcome: ReplayEventOutcome): Reply | HttpError {
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
