import type { Endpoint, EndpointOptions } from "../endpoint.ts";
import { listPlansEndpoint } from "./list_plans_endpoint.ts";
import { listTokenPacksEndpoint } from "./list_token_packs_endpoint.ts";

/** The routes of the catalogue. */
export function catalogEndpoints({ billing }: EndpointOptions): readonly Endpoint[] {
  return [listPlansEndpoint(billing), listTokenPacksEndpoint(billing)];
}
