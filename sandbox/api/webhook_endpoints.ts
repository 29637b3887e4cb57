import type { Stripe } from "stripe";
import { invalidRequest, resourceMissing } from "../engine/request_error.ts";
import type { Transaction } from "../engine/transaction.ts";
import type { EndpointRecord } from "../state/delivery.ts";
import { addEndpoint } from "../webhooks/endpoints.ts";
import { newestFirst, PAGE, page } from "./listing.ts";
import {
  clearable,
  flag,
  given,
  list,
  mergeMetadata,
  metadata,
  required,
  type ShapeOf,
  text,
  url,
} from "./params.ts";
import { isKnownVersion } from "./protocol/versions.ts";
import { type Route, route } from "./route.ts";

const PATH = "/v1/webhook_endpoints";
const MAX_ENDPOINTS = 16;

export const webhookEndpointRoutes: Route[] = [
  route("POST", PATH, {
    params: {
      api_version: text,
      description: clearable(text),
      enabled_events: required(list(text, 500)),
      metadata,
      url: required(url),
    } satisfies ShapeOf<Stripe.WebhookEndpointCreateParams>,
    returns: "webhook_endpoint",
    check: ({ api_version: version }) => {
      if (version !== undefined && !isKnownVersion(version)) {
        throw invalidRequest(`Invalid API version: ${version}`, "api_version");
      }
    },
    handle: ({ tx, params }) => {
      if (tx.state.endpoints.size >= MAX_ENDPOINTS) {
        throw invalidRequest(`You have reached the maximum of ${MAX_ENDPOINTS} endpoints.`);
      }
      const { object, secret } = addEndpoint(
        tx.state,
        {
          url: params.url,
          apiVersion: params.api_version ?? null,
          enabledEvents: params.enabled_events,
          metadata: mergeMetadata({}, params.metadata),
          description: params.description ?? null,
        },
        { created: tx.now, configured: false },
      );
      return { ...object, secret };
    },
  }),
  route("GET", `${PATH}/:id`, {
    params: {},
    returns: "webhook_endpoint",
    handle: ({ tx, id }) => endpointOf(tx, id).object,
  }),
  route("POST", `${PATH}/:id`, {
    params: {
      description: clearable(text),
      disabled: flag,
      enabled_events: list(text, 500),
      metadata,
      url,
    } satisfies ShapeOf<Stripe.WebhookEndpointUpdateParams>,
    returns: "webhook_endpoint",
    handle: ({ tx, id, params: { disabled, metadata: change, ...fields } }) => {
      const { object } = endpointOf(tx, id);
      Object.assign(object, given(fields));
      object.metadata = mergeMetadata(object.metadata, change);
      if (disabled !== undefined) {
        object.status = disabled ? "disabled" : "enabled";
      }
      return object;
    },
  }),
  route("DELETE", `${PATH}/:id`, {
    params: {},
    returns: "deleted",
    handle: ({ tx, id }) => {
      endpointOf(tx, id);
      tx.state.endpoints.delete(id);
      return { id, object: "webhook_endpoint", deleted: true };
    },
  }),
  route("GET", PATH, {
    params: PAGE,
    returns: "list:webhook_endpoint",
    handle: ({ tx, params }) => {
      const found = [...newestFirst(tx.state.endpoints, () => true)].map(({ object }) => object);
      return page(PATH, found, params);
    },
  }),
];

function endpointOf(tx: Transaction, id: string): EndpointRecord {
  const record = tx.state.endpoints.get(id);
  if (record === undefined) {
    throw resourceMissing("webhook endpoint", id);
  }
  return record;
}
