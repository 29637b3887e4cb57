import type { EndpointRecord } from "../state/delivery.ts";
import { newId, newWebhookSecret } from "../state/ids.ts";
import type { State } from "../state/state.ts";
import { API_VERSION } from "../state/wire.ts";

/** A webhook endpoint as a program asks for it. */
export interface NewEndpoint {
  url: string;
  secret?: string;
  /** Default: the sandbox's; `null` is the account's default, which is the same. */
  apiVersion?: string | null;
  /** Event types, or `*` for all of them, which is the default. */
  enabledEvents?: readonly string[];
  metadata?: Record<string, string>;
  description?: string | null;
}

/** Adds an endpoint; `created` is in Unix seconds. */
export function addEndpoint(
  state: State,
  endpoint: NewEndpoint,
  options: { created: number; configured: boolean },
): EndpointRecord {
  const secret = endpoint.secret ?? newWebhookSecret();
  const record: EndpointRecord = {
    object: {
      id: newId("we"),
      object: "webhook_endpoint",
      api_version: endpoint.apiVersion === undefined ? API_VERSION : endpoint.apiVersion,
      application: null,
      created: options.created,
      description: endpoint.description ?? null,
      enabled_events: [...(endpoint.enabledEvents ?? ["*"])],
      livemode: false,
      metadata: endpoint.metadata ?? {},
      status: "enabled",
      url: endpoint.url,
    },
    secret,
    configured: options.configured,
  };
  state.endpoints.set(record.object.id, record);
  return record;
}

/** Adds an endpoint of the program, or gives the one with the same address its new settings. */
export function registerEndpoint(
  state: State,
  endpoint: NewEndpoint,
  created: number,
): EndpointRecord {
  const existing = [...state.endpoints.values()].find(({ object }) => object.url === endpoint.url);
  if (existing === undefined) {
    return addEndpoint(state, endpoint, { created, configured: true });
  }
  existing.configured = true;
  existing.secret = endpoint.secret ?? existing.secret;
  existing.object.status = "enabled";
  existing.object.enabled_events = [...(endpoint.enabledEvents ?? ["*"])];
  return existing;
}
