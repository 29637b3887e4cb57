import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import type { Delivery } from "../../../application/ports/notifications/delivery_store.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { input, optionalInput } from "../input.ts";
import { ID, ID_PARAMS } from "../key.ts";
import {
  COUNT,
  closed,
  DATE_TIME,
  nullable,
  oneOf,
  PAGE_LENGTH,
  pageOf,
  type Shown,
} from "../schema.ts";
import { cursorOf, cursorText } from "../time_cursor.ts";

const DEFAULT_LIMIT = 50;

/** The query of `GET /webhook-endpoints/{id}/deliveries`. */
const QUERY = closed({
  limit: Type.Optional(PAGE_LENGTH),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 1_024 })),
});

const DELIVERY = closed(
  {
    id: Type.String(),
    type: Type.String(),
    state: oneOf(["waiting", "done", "dead"]),
    attempts: COUNT,
    createdAt: DATE_TIME,
    nextAttemptAt: nullable(DATE_TIME),
    notification: Type.Unknown({ description: "What is sent" }),
    log: Type.Array(
      closed({ at: DATE_TIME, status: nullable(Type.Integer()), error: nullable(Type.String()) }),
    ),
  },
  { title: "Delivery" },
);

/** `GET /webhook-endpoints/{id}/deliveries`: the delivery log, newest first, page by page. */
export function listDeliveriesEndpoint({ listDeliveries }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/webhook-endpoints/:id/deliveries",
    access: "operator",
    summary: "The deliveries to a webhook endpoint, newest first",
    params: ID_PARAMS,
    query: input(QUERY),
    answer: pageOf(DELIVERY),
    async handle({ params: { id: endpointId }, query: { limit = DEFAULT_LIMIT, cursor } }) {
      const place = cursorOf(cursor);
      const { deliveries, next } = await listDeliveries.execute({
        endpointId,
        after: place && { createdAt: place.at, id: place.id },
        limit,
      });
      const nextCursor = next && cursorText({ at: next.createdAt, id: next.id });
      return { status: 200, body: { data: deliveries.map(deliveryBody), meta: { nextCursor } } };
    },
  });
}

/** `POST /webhook-endpoints/{id}/deliveries/{delivery}/replay`: repeats a delivery. */
export function replayDeliveryEndpoint({ replayDelivery }: Billing): Endpoint {
  return endpoint({
    method: "post",
    path: "/webhook-endpoints/:id/deliveries/:delivery/replay",
    access: "operator",
    summary: "Makes a delivery again",
    params: input(closed({ id: ID, delivery: ID })),
    body: optionalInput(closed({})),
    answer: DELIVERY,
    refusals: { 404: ["unknown_delivery"] },
    async handle({ params: { id: endpointId, delivery: id } }) {
      const replayed = await replayDelivery.execute({ endpointId, id });
      return replayed === undefined
        ? new HttpError(404, {
            code: "unknown_delivery",
            message: "The endpoint has no delivery with this id: take the id from its list",
          })
        : { status: 200, body: deliveryBody(replayed) };
    },
  });
}

function deliveryBody(delivery: Delivery): Shown<typeof DELIVERY> {
  const { id, type, body, state, attempts, dueAt, createdAt, log } = delivery;
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
