import type { Billing } from "../../../application/billing.ts";
import type { Delivery } from "../../../application/ports/notifications/delivery_store.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedBody, checkedQuery, type Endpoint } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { cursorOf, cursorText } from "../time_cursor.ts";

const DEFAULT_LIMIT = 50;

interface ListDeliveriesParams {
  readonly limit?: string;
  readonly cursor?: string;
}

/** The query of `GET /webhook-endpoints/{id}/deliveries`. */
const LIST_DELIVERIES_SCHEMA = {
  type: "object",
  additionalProperties: false,
  properties: {
    limit: { type: "string", pattern: "^([1-9][0-9]?|100)$" },
    cursor: { type: "string", minLength: 1, maxLength: 1_024 },
  },
};

const check = compileSchema<ListDeliveriesParams>(LIST_DELIVERIES_SCHEMA);
const checkEmpty = compileSchema<object>({ type: "object", additionalProperties: false });

/** `GET /webhook-endpoints/{id}/deliveries`: the delivery log, newest first, page by page. */
export function listDeliveriesEndpoint({ listDeliveries }: Billing): Endpoint {
  return {
    method: "get",
    path: "/webhook-endpoints/:id/deliveries",
    access: "operator",
    async handle({ params: { id: endpointId = "" }, query }) {
      const { limit, cursor } = checkedQuery(check, query);
      const place = cursorOf(cursor);
      const { deliveries, next } = await listDeliveries.execute({
        endpointId,
        after: place && { createdAt: place.at, id: place.id },
        limit: Number(limit ?? DEFAULT_LIMIT),
      });
      const nextCursor = next && cursorText({ at: next.createdAt, id: next.id });
      return { status: 200, body: { data: deliveries.map(deliveryBody), meta: { nextCursor } } };
    },
  };
}

/** `POST /webhook-endpoints/{id}/deliveries/{delivery}/replay`: repeats a delivery. */
export function replayDeliveryEndpoint({ replayDelivery }: Billing): Endpoint {
  return {
    method: "post",
    path: "/webhook-endpoints/:id/deliveries/:delivery/replay",
    access: "operator",
    async handle({ params: { id: endpointId = "", delivery: id = "" }, body }) {
      checkedBody(checkEmpty, body ?? {});
      const replayed = await replayDelivery.execute({ endpointId, id });
      return replayed === undefined
        ? new HttpError(404, {
            code: "unknown_delivery",
            message: "The endpoint has no delivery with this id: take the id from its list",
          })
        : { status: 200, body: deliveryBody(replayed) };
    },
  };
}

function deliveryBody({ id, type, body, state, attempts, dueAt, createdAt, log }: Delivery) {
  return {
    id,
    type,
    state,
    attempts,
    createdAt: createdAt.toISOString(),
    nextAttemptAt: dueAt?.toISOString() ?? null,
    notification: JSON.parse(body),
    log: log.map((attempt) => ({ ...attempt, at: attempt.at.toISOString() })),
  };
}
