import type { HandledEventType } from "../../../domain/events/billing_event.ts";

/** An address that the payment provider sends events to. */
export interface WebhookEndpoint {
  readonly endpointId: string;
  readonly url: string;
  readonly enabled: boolean;
  /** The version in which events are written; `null` is the provider account's default. */
  readonly apiVersion: string | null;
  readonly eventTypes: readonly string[];
}

/** An endpoint that was created. */
export interface CreatedEndpoint {
  readonly endpointId: string;
  /** Signs what the endpoint is sent. The provider tells it this once only. */
  readonly signingSecret: string;
}

/** The endpoints of the payment provider's account. Every method throws `PortError`. */
export interface WebhookEndpoints {
  /** The version in which this release reads events. */
  readonly apiVersion: string;

  /** All endpoints, other services' too. */
  list(): Promise<readonly WebhookEndpoint[]>;

  /** Creates an enabled endpoint of our version. Each call makes one more. */
  create(endpoint: {
    readonly url: string;
    readonly eventTypes: readonly HandledEventType[];
  }): Promise<CreatedEndpoint>;

  /** Gives an endpoint exactly these events and enables it. Its version cannot be changed. */
  update(endpointId: string, eventTypes: readonly HandledEventType[]): Promise<void>;
}
