import type { Endpoint, EndpointOptions } from "../endpoint.ts";
import { listAttentionEndpoint } from "./list_attention_endpoint.ts";
import { resolveAttentionEndpoint } from "./resolve_attention_endpoint.ts";

/** The routes of what somebody has to look at. */
export function attentionEndpoints({ billing }: EndpointOptions): readonly Endpoint[] {
  return [listAttentionEndpoint(billing), resolveAttentionEndpoint(billing)];
}
