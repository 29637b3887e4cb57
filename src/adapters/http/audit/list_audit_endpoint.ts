import type { Billing } from "../../../application/billing.ts";
import type { AuditEntry } from "../../../domain/subscription/account_change.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedQuery, type Endpoint } from "../endpoint.ts";

const DEFAULT_LIMIT = 50;

interface ListAuditParams {
  readonly limit?: string;
  readonly cursor?: string;
}

/** What `GET /audit` takes in its query. */
const LIST_AUDIT_SCHEMA = {
  type: "object",
  additionalProperties: false,
  properties: {
    limit: { type: "string", pattern: "^([1-9][0-9]?|100)$" },
    cursor: { type: "string", pattern: "^[1-9][0-9]{0,14}$" },
  },
};

const check = compileSchema<ListAuditParams>(LIST_AUDIT_SCHEMA);

/** `GET /audit`: what changed in the tenant's account and why, the last change first (P38). */
export function listAuditEndpoint({ listAuditEntries }: Billing): Endpoint {
  return {
    method: "get",
    path: "/audit",
    access: "admin",
    async handle({ tenantId, query }) {
      const { limit, cursor } = checkedQuery(check, query);
      const { entries, nextBefore } = await listAuditEntries.execute({
        tenantId,
        before: cursor === undefined ? undefined : Number(cursor),
        limit: Number(limit ?? DEFAULT_LIMIT),
      });
      const body = {
        data: entries.map(auditBody),
        meta: { nextCursor: nextBefore === null ? null : String(nextBefore) },
      };
      return { status: 200, body };
    },
  };
}

function auditBody({ revision, at, cause, fields }: AuditEntry) {
  return {
    revision,
    at: at.toISOString(),
    cause,
    before: Object.fromEntries(fields.map(({ field, before }) => [field, before])),
    after: Object.fromEntries(fields.map(({ field, after }) => [field, after])),
  };
}
