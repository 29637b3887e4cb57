import type { Access, Endpoint, Refusals } from "../endpoint.ts";

const OF_ALL: Refusals = {
  400: ["invalid_host", "invalid_request"],
  500: ["internal_error"],
};
const OF_COUNTED: Refusals = { 429: ["rate_limited"] };
const OF_JSON_BODIES: Refusals = {
  400: ["body_missing", "invalid_body", "invalid_json"],
  413: ["body_too_large"],
  415: ["unsupported_encoding", "unsupported_media_type"],
};
const OF_SIGNED_BODIES: Refusals = {
  400: ["invalid_body"],
  413: ["body_too_large"],
  415: ["unsupported_encoding"],
  500: ["raw_body_unavailable"],
};
const OF_BILLING: Refusals = {
  500: ["router_misplaced"],
  502: ["dependency_failed"],
  503: ["overloaded", "temporarily_unavailable"],
};
const OF_USERS: Refusals = {
  401: [
    "api_key_not_accepted",
    "not_signed_in",
    "token_expired",
    "token_invalid",
    "token_lives_too_long",
    "token_missing",
  ],
};
/** An ended tenant may read (P44). */
const OF_CHANGES: Refusals = { 403: ["tenant_ended"] };
const OF_TENANTS: Refusals = {
  400: ["tenant_malformed", "tenant_missing"],
  403: ["not_a_member"],
  409: ["spending_halted"],
  503: ["clock_not_trusted"],
};

const FOR_TENANTS: readonly Access[] = ["member", "payer", "service"];

/** Codes of all refusals of an endpoint, by status: its own, and those of its kind of access. */
export function refusalsOf(endpoint: Endpoint): ReadonlyMap<number, readonly string[]> {
  const { access, method, params, query, refusals = {} } = endpoint;
  const all = [
    OF_ALL,
    ...(access === "signature" ? [OF_SIGNED_BODIES] : [OF_COUNTED]),
    ...(access === "signature" || method === "get" ? [] : [OF_JSON_BODIES]),
    ...(params === undefined ? [] : [{ 400: ["invalid_path"] }]),
    ...(query === undefined ? [] : [{ 400: ["invalid_query"] }]),
    ...refusalsOfAccess(access),
    ...(FOR_TENANTS.includes(access) && method !== "get" ? [OF_CHANGES] : []),
    refusals,
  ];
  const statuses = [...new Set(all.flatMap((one) => Object.keys(one).map(Number)))].toSorted();
  return new Map(
    statuses.map((status) => [status, [...new Set(all.flatMap((one) => one[status] ?? []))]]),
  );
}

function refusalsOfAccess(access: Access): readonly Refusals[] {
  const tenant = [OF_BILLING, OF_USERS, OF_TENANTS];
  switch (access) {
    case "public":
      return [];
    case "signature":
      return [OF_BILLING];
    case "user":
      return [OF_BILLING, OF_USERS];
    case "member":
      return tenant;
    case "admin":
    case "payer":
      return [...tenant, { 403: ["role_insufficient"] }];
    case "member_or_service":
    case "service":
      return [...tenant, { 403: ["scope_insufficient"] }];
    case "operator":
      return [OF_BILLING, OF_USERS, { 403: ["scope_insufficient", "tenants_restricted"] }];
    default:
      return access satisfies never;
  }
}
