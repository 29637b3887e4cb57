import type { Endpoint, EndpointOptions } from "../endpoint.ts";
import { listEventsEndpoint } from "./list_events_endpoint.ts";
import { readEventEndpoint } from "./read_event_endpoint.ts";
import { replayEventEndpoint } from "./replay_event_endpoint.ts";
import { stripeWebhookEndpoint } from "./stripe_webhook_endpoint.ts";

/** The routes of Stripe's events. */
export function eventEndpoints(options: EndpointOptions): readonly Endpoint[] {
  const { billing } = options;
  return [
    stripeWebhookEndpoint(options),
    listEventsEndpoint(billing),
    readEventEndpoint(billing),
    replayEventEndpoint(billing),
  ];
}
