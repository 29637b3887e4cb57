import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import type { AuditEntry } from "../../../domain/subscription/account_change.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { input } from "../input.ts";
import { COUNT, closed, DATE_TIME, PAGE_LENGTH, pageOf, type Shown } from "../schema.ts";

const DEFAULT_LIMIT = 50;

/** What `GET /audit` takes in its query. */
const QUERY = closed({
  limit: Type.Optional(PAGE_LENGTH),
  cursor: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,14}$" })),
});

const CAUSE = Type.Union([
  closed({ type: Type.Literal("event"), eventId: Type.String(), eventType: Type.String() }),
  closed({ type: Type.Literal("request"), userId: Type.String() }),
  closed({ type: Type.Literal("reconciliation") }),
  closed({ type: Type.Literal("operator"), name: Type.String() }),
  closed({ type: Type.Literal("service") }),
]);

const VALUES = Type.Unsafe<Readonly<Record<string, unknown>>>({
  type: "object",
  description: "The fields that changed",
});

const AUDIT_ENTRY = closed(
  { revision: COUNT, at: DATE_TIME, cause: CAUSE, before: VALUES, after: VALUES },
  { title: "AuditEntry" },
);

/** `GET /audit`: what changed in the tenant's account and why, the last change first (P38). */
export function listAuditEndpoint({ listAuditEntries }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/audit",
    access: "admin",
    summary: "What changed in the tenant's account and why, the last change first",
    query: input(QUERY),
    answer: pageOf(AUDIT_ENTRY),
    links: { "get /audit": { cursor: "$response.body#/meta/nextCursor" } },
    async handle({ tenantId, query: { limit = DEFAULT_LIMIT, cursor } }) {
      const { entries, nextBefore } = await listAuditEntries.execute({
        tenantId,
        before: cursor === undefined ? undefined : Number(cursor),
        limit,
      });
      const body = {
        data: entries.map(auditBody),
        meta: { nextCursor: nextBefore === null ? null : String(nextBefore) },
      };
      return { status: 200, body };
    },
  });
}

function auditBody({ revision, at, cause, fields }: AuditEntry): Shown<typeof AUDIT_ENTRY> {
  return {
    revision,
    at: at.toISOString(),
    cause,
    before: Object.fromEntries(fields.map(({ field, before }) => [field, before])),
    after: Object.fromEntries(fields.map(({ field, after }) => [field, after])),
  };
}
