import type { HandledEventType } from "../../../domain/events/billing_event.ts";

/** An address to which the payment provider sends events. */
export interface WebhookEndpoint {
  readonly endpointId: string;
  readonly url: string;
  readonly enabled: boolean;
  /** The API version of its events; `null` for the default of the provider's account. */
  readonly apiVersion: string | null;
  readonly eventTypes: readonly string[];
}

/** A newly created endpoint. */
export interface CreatedEndpoint {
  readonly endpointId: string;
  /** Signs the deliveries to this endpoint. The provider reveals it only here. */
  readonly signingSecret: string;
}

/**
 * Manages the webhook endpoints of the payment provider's account. Every method throws `PortError`.
 */
export interface WebhookEndpoints {
  /** The API version of the events that this release reads. */
  readonly apiVersion: string;

  /** Lists all endpoints, including those of other services. */
  list(): Promise<readonly WebhookEndpoint[]>;

  /** Creates an enabled endpoint with our API version. Every call creates another one. */
  create(endpoint: {
    readonly url: string;
    readonly eventTypes: readonly HandledEventType[];
  }): Promise<CreatedEndpoint>;

  /** Sets an endpoint's event types and enables it. Its API version cannot change. */
  update(endpointId: string, eventTypes: readonly HandledEventType[]): Promise<void>;
}
