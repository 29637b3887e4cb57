import type {
  CreatedEndpoint,
  WebhookEndpoint,
  WebhookEndpoints,
} from "../../../src/application/ports/events/webhook_endpoints.ts";

/** The version of events in tests. */
export const API_VERSION = "2026-10-28.endive";

/** Webhook endpoints as a provider keeps them. */
export class ScriptedEndpoints implements WebhookEndpoints {
  readonly apiVersion = API_VERSION;
  endpoints: readonly WebhookEndpoint[] = [];
  /** Runs ahead of every call; what it throws the call throws. */
  onCall: (method: "list" | "create" | "update") => void = () => undefined;

  /** {@inheritDoc} */
  async list(): Promise<readonly WebhookEndpoint[]> {
    this.onCall("list");
    return this.endpoints;
  }

  /** {@inheritDoc} */
  async create(endpoint: { url: string; eventTypes: readonly string[] }): Promise<CreatedEndpoint> {
    this.onCall("create");
    const endpointId = `we_${this.endpoints.length + 1}`;
    const created = { endpointId, enabled: true, apiVersion: API_VERSION, ...endpoint };
    this.endpoints = [...this.endpoints, created];
    return { endpointId, signingSecret: `whsec_of_${endpointId}` };
  }

  /** {@inheritDoc} */
  async update(endpointId: string, eventTypes: readonly string[]): Promise<void> {
    this.onCall("update");
    this.endpoints = this.endpoints.map((endpoint) =>
      endpoint.endpointId === endpointId ? { ...endpoint, eventTypes, enabled: true } : endpoint,
    );
  }
}
