import { HANDLED_EVENT_TYPES } from "../../domain/events/billing_event.ts";
import type { CreatedEndpoint, WebhookEndpoints } from "../ports/events/webhook_endpoints.ts";
import { planWebhookEndpoint, type WebhookEndpointPlan } from "./webhook_endpoint_plan.ts";

/** How to synchronise the webhook endpoint. */
export interface SyncWebhookEndpointCommand {
  /** Where events are to arrive. */
  readonly url: string;
  /** Whether to plan the changes without making them. */
  readonly dryRun: boolean;
  /** Keeps the secret of a new endpoint, which the provider shows only once. */
  readonly keepSecret: ((created: CreatedEndpoint) => Promise<void>) | null;
}

/** The outcome of synchronising the endpoint. */
export type SyncWebhookEndpointOutcome =
  | { readonly type: "synchronized"; readonly plan: WebhookEndpointPlan }
  /** The dry run's. */
  | { readonly type: "planned"; readonly plan: WebhookEndpointPlan }
  /** An endpoint has to be created, but its secret would be lost. */
  | { readonly type: "no_place_for_secret"; readonly plan: WebhookEndpointPlan };

/**
 * Makes the payment provider send exactly the events that we handle, in the API version that we
 * read. Plans the changes first; a dry run ends there.
 */
export class SyncWebhookEndpoint {
  readonly #endpoints: WebhookEndpoints;

  constructor(ports: { endpoints: WebhookEndpoints }) {
    this.#endpoints = ports.endpoints;
  }

  /** @throws {PortError} and what `keepSecret` throws */
  async execute({
    url,
    dryRun,
    keepSecret,
  }: SyncWebhookEndpointCommand): Promise<SyncWebhookEndpointOutcome> {
    const { apiVersion } = this.#endpoints;
    const eventTypes = HANDLED_EVENT_TYPES;
    const endpoints = await this.#endpoints.list();
    const plan = planWebhookEndpoint({ url, apiVersion, eventTypes, endpoints });
    const { change } = plan;
    if (dryRun) {
      return { type: "planned", plan };
    }
    switch (change?.type) {
      case "create_endpoint":
        if (keepSecret === null) {
          return { type: "no_place_for_secret", plan };
        }
        await keepSecret(await this.#endpoints.create({ url, eventTypes }));
        break;
      case "update_endpoint":
        await this.#endpoints.update(change.endpointId, eventTypes);
        break;
      case undefined:
        break;
      default:
        change satisfies undefined;
    }
    return { type: "synchronized", plan };
  }
}
