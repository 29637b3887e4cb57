import type { HandledEventType } from "../../domain/events/billing_event.ts";
import type { WebhookEndpoint } from "../ports/events/webhook_endpoints.ts";

/** What has to be done so that our events arrive. */
export type WebhookEndpointChange =
  | { readonly type: "create_endpoint"; readonly url: string }
  | {
      readonly type: "update_endpoint";
      readonly endpointId: string;
      /** Whether the endpoint is disabled now and will be enabled. */
      readonly enable: boolean;
      readonly add: readonly string[];
      readonly remove: readonly string[];
    };

/** The state of our endpoint and the change it needs. */
export interface WebhookEndpointPlan {
  /** `null` if nothing has to change. */
  readonly change: WebhookEndpointChange | null;
  /**
   * Other enabled endpoints with our address: of another version, which cannot be changed, or
   * doubled. Somebody has to disable them once the right one works.
   */
  readonly leftovers: readonly WebhookEndpoint[];
}

/** Plans what makes exactly these events arrive at `url`, in `apiVersion`. */
export function planWebhookEndpoint({
  url,
  apiVersion,
  eventTypes,
  endpoints,
}: {
  url: string;
  apiVersion: string;
  eventTypes: readonly HandledEventType[];
  endpoints: readonly WebhookEndpoint[];
}): WebhookEndpointPlan {
  const ours = endpoints
    .filter((endpoint) => sameAddress(endpoint.url, url))
    .toSorted((a, b) => Number(b.enabled) - Number(a.enabled));
  const right = ours.find((endpoint) => endpoint.apiVersion === apiVersion);
  const leftovers = ours.filter((endpoint) => endpoint !== right && endpoint.enabled);
  if (right === undefined) {
    return { change: { type: "create_endpoint", url }, leftovers };
  }
  const { endpointId, enabled } = right;
  const wanted: readonly string[] = eventTypes;
  const add = wanted.filter((type) => !right.eventTypes.includes(type));
  const remove = right.eventTypes.filter((type) => !wanted.includes(type));
  const isRight = enabled && add.length === 0 && remove.length === 0;
  return {
    change: isRight ? null : { type: "update_endpoint", endpointId, enable: !enabled, add, remove },
    leftovers,
  };
}

function sameAddress(one: string, other: string): boolean {
  return URL.canParse(one) && new URL(one).href === new URL(other).href;
}
