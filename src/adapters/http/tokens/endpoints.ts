import type { Endpoint, EndpointOptions } from "../endpoint.ts";
import { changeAutoTopUpEndpoint, readAutoTopUpEndpoint } from "./auto_top_up_endpoints.ts";
import { commitReservationEndpoint } from "./commit_reservation_endpoint.ts";
import { debitTokensEndpoint } from "./debit_tokens_endpoint.ts";
import { readTokensEndpoint } from "./read_tokens_endpoint.ts";
import { releaseReservationEndpoint } from "./release_reservation_endpoint.ts";
import { reserveTokensEndpoint } from "./reserve_tokens_endpoint.ts";
import { tokenPeriodsEndpoint } from "./token_periods_endpoint.ts";

/** The routes of AI tokens. */
export function tokenEndpoints({ billing }: EndpointOptions): readonly Endpoint[] {
  return [
    readTokensEndpoint(billing),
    tokenPeriodsEndpoint(billing),
    readAutoTopUpEndpoint(billing),
    changeAutoTopUpEndpoint(billing),
    debitTokensEndpoint(billing),
    reserveTokensEndpoint(billing),
    commitReservationEndpoint(billing),
    releaseReservationEndpoint(billing),
  ];
}
