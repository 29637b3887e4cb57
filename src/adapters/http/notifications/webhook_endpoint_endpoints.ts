import type { Billing } from "../../../application/billing.ts";
import type {
  EndpointOutcome,
  WebhookEndpoint,
} from "../../../application/notifications/webhook_endpoints.ts";
import {
  NOTIFICATION_TYPES,
  type NotificationType,
} from "../../../domain/notifications/notification.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedBody, type Endpoint, type Reply } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";

interface AddWebhookEndpointBody {
  readonly url: string;
  readonly events: readonly NotificationType[];
}

/** The body of `POST /webhook-endpoints`. */
const ADD_ENDPOINT_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["url", "events"],
  properties: {
    url: { type: "string", minLength: 1, maxLength: 2_048 },
    events: {
      type: "array",
      minItems: 1,
      uniqueItems: true,
      maxItems: NOTIFICATION_TYPES.length,
      items: { enum: NOTIFICATION_TYPES },
    },
  },
};

const check = compileSchema<AddWebhookEndpointBody>(ADD_ENDPOINT_SCHEMA);
const checkEmpty = compileSchema<object>({ type: "object", additionalProperties: false });

/** `GET /webhook-endpoints`: all endpoints, without their secrets. */
export function listWebhookEndpointsEndpoint({ listWebhookEndpoints }: Billing): Endpoint {
  return {
    method: "get",
    path: "/webhook-endpoints",
    access: "operator",
    async handle() {
      const data = (await listWebhookEndpoints.execute()).map(endpointBody);
      return { status: 200, body: { data } };
    },
  };
}

/** `POST /webhook-endpoints`: adds an endpoint and reveals its secret once. */
export function addWebhookEndpointEndpoint({ addWebhookEndpoint }: Billing): Endpoint {
  return {
    method: "post",
    path: "/webhook-endpoints",
    access: "operator",
    handle: async ({ body }) =>
      replyOf(await addWebhookEndpoint.execute(checkedBody(check, body)), 201),
  };
}

/** `POST /webhook-endpoints/{id}/secret`: adds a secret beside the previous one. */
export function rotateWebhookSecretEndpoint({ rotateWebhookSecret }: Billing): Endpoint {
  return {
    method: "post",
    path: "/webhook-endpoints/:id/secret",
    access: "operator",
    async handle({ params: { id = "" }, body }) {
      checkedBody(checkEmpty, body ?? {});
      return replyOf(await rotateWebhookSecret.execute({ id }), 200);
    },
  };
}

/** `DELETE /webhook-endpoints/{id}`: removes an endpoint. */
export function removeWebhookEndpointEndpoint({ removeWebhookEndpoint }: Billing): Endpoint {
  return {
    method: "delete",
    path: "/webhook-endpoints/:id",
    access: "operator",
    handle: async ({ params: { id = "" } }) =>
      (await removeWebhookEndpoint.execute({ id }))
        ? { status: 200, body: { id, removed: true } }
        : unknownEndpoint(),
  };
}

/** An endpoint as the API shows it. */
function endpointBody({ id, url, events, createdAt, secrets }: WebhookEndpoint) {
  return { id, url, events, createdAt: createdAt.toISOString(), secrets };
}

function replyOf(outcome: EndpointOutcome, status: number): Reply | HttpError {
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
