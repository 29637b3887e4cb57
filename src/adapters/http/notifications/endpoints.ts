import type { Endpoint, EndpointOptions } from "../endpoint.ts";
import { changeAlertsEndpoint, readAlertsEndpoint } from "./alerts_endpoints.ts";
import { listDeliveriesEndpoint, replayDeliveryEndpoint } from "./delivery_endpoints.ts";
import {
  addWebhookEndpointEndpoint,
  listWebhookEndpointsEndpoint,
  removeWebhookEndpointEndpoint,
  rotateWebhookSecretEndpoint,
} from "./webhook_endpoint_endpoints.ts";

/** The routes of notifications. */
export function notificationEndpoints({ billing }: EndpointOptions): readonly Endpoint[] {
  return [
    readAlertsEndpoint(billing),
    changeAlertsEndpoint(billing),
    listWebhookEndpointsEndpoint(billing),
    addWebhookEndpointEndpoint(billing),
    removeWebhookEndpointEndpoint(billing),
    rotateWebhookSecretEndpoint(billing),
    listDeliveriesEndpoint(billing),
    replayDeliveryEndpoint(billing),
  ];
}
