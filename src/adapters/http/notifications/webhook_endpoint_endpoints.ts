import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import type {
  EndpointOutcome,
  WebhookEndpoint,
} from "../../../application/notifications/webhook_endpoints.ts";
import { NOTIFICATION_TYPES } from "../../../domain/notifications/notification.ts";
import { type Endpoint, endpoint, type ReplyTo } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { input, optionalInput } from "../input.ts";
import { ID_PARAMS } from "../key.ts";
import { COUNT, closed, DATE_TIME, listOf, oneOf, type Shown } from "../schema.ts";

/** The body of `POST /webhook-endpoints`. */
const BODY = closed({
  url: Type.String({ minLength: 1, maxLength: 2_048 }),
  events: Type.Array(oneOf(NOTIFICATION_TYPES), {
    minItems: 1,
    uniqueItems: true,
    maxItems: NOTIFICATION_TYPES.length,
  }),
});

const FIELDS = {
  id: Type.String(),
  url: Type.String(),
  events: Type.Array(oneOf(NOTIFICATION_TYPES)),
  createdAt: DATE_TIME,
  secrets: COUNT,
};
const ENDPOINT = closed(FIELDS, { title: "WebhookEndpoint" });
const NEW_ENDPOINT = closed(
  { ...FIELDS, secret: Type.String({ description: "Told this once" }) },
  { title: "NewWebhookEndpoint" },
);

/** `GET /webhook-endpoints`: all endpoints, without their secrets. */
export function listWebhookEndpointsEndpoint({ listWebhookEndpoints }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/webhook-endpoints",
    access: "operator",
    summary: "All webhook endpoints, without their secrets",
    answer: listOf(ENDPOINT),
    async handle() {
      const data = (await listWebhookEndpoints.execute()).map(endpointBody);
      return { status: 200, body: { data } };
    },
  });
}

/** `POST /webhook-endpoints`: adds an endpoint and reveals its secret once. */
export function addWebhookEndpointEndpoint({ addWebhookEndpoint }: Billing): Endpoint {
  return endpoint({
    method: "post",
    path: "/webhook-endpoints",
    access: "operator",
    summary: "Adds a webhook endpoint; its secret is told this once",
    body: input(BODY),
    answer: NEW_ENDPOINT,
    statuses: [201],
    refusals: { 400: ["invalid_webhook_url"], 404: ["unknown_webhook_endpoint"] },
    handle: async ({ body }) => replyOf(await addWebhookEndpoint.execute(body), 201),
  });
}

/** `POST /webhook-endpoints/{id}/secret`: adds a secret beside the previous one. */
export function rotateWebhookSecretEndpoint({ rotateWebhookSecret }: Billing): Endpoint {
  return endpoint({
    method: "post",
    path: "/webhook-endpoints/:id/secret",
    access: "operator",
    summary: "Another secret, beside the one before it",
    params: ID_PARAMS,
    body: optionalInput(closed({})),
    answer: NEW_ENDPOINT,
    refusals: { 400: ["invalid_webhook_url"], 404: ["unknown_webhook_endpoint"] },
    async handle({ params: { id } }) {
      return replyOf(await rotateWebhookSecret.execute({ id }), 200);
    },
  });
}

/** `DELETE /webhook-endpoints/{id}`: removes an endpoint. */
export function removeWebhookEndpointEndpoint({ removeWebhookEndpoint }: Billing): Endpoint {
  return endpoint({
    method: "delete",
    path: "/webhook-endpoints/:id",
    access: "operator",
    summary: "Nothing is sent to the webhook endpoint any more",
    params: ID_PARAMS,
    answer: closed({ id: Type.String(), removed: Type.Literal(true) }),
    refusals: { 404: ["unknown_webhook_endpoint"] },
    handle: async ({ params: { id } }) =>
      (await removeWebhookEndpoint.execute({ id }))
        ? { status: 200, body: { id, removed: true as const } }
        : unknownEndpoint(),
  });
}

/** An endpoint as the API shows it. */
function endpointBody(one: WebhookEndpoint): Shown<typeof ENDPOINT> {
  const { id, url, events, createdAt, secrets } = one;
  return { id, url, events, createdAt: createdAt.toISOString(), secrets };
}

function replyOf(outcome: EndpointOutcome, status: number): ReplyTo<typeof NEW_ENDPOINT> {
  switch (outcome.type) {
    case "saved": {
      const { endpoint, secret } = outcome;
      return { status, body: { ...endpointBody(endpoint), secret } };
    }
    case "refused":
      return new HttpError(400, {
        code: "invalid_webhook_url",
        message: `The address must ${outcome.problem}`,
        details: [{ field: "url", message: `must ${outcome.problem}` }],
      });
    case "unknown":
      return unknownEndpoint();
    default:
      return outcome satisfies never;
  }
}

function unknownEndpoint(): HttpError {
  return new HttpError(404, {
    code: "unknown_webhook_endpoint",
    message: "There is no webhook endpoint with this id: take the id from the list",
  });
}
