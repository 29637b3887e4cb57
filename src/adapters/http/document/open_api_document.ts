import { STATUS_CODES } from "node:http";
import type { TSchema } from "typebox";
import { TENANT_ID_PATTERN } from "../../../domain/subscription/billing_account.ts";
import type { Access, Endpoint } from "../endpoint.ts";
import { ERROR } from "../error_schema.ts";
import { OPERATOR_SCOPE } from "../operator_access.ts";
import { NamedSchemas } from "./named_schemas.ts";
import { refusalsOf } from "./refusals_of.ts";

/** Endpoints, and where they are mounted. */
export interface Mounted {
  /** Such as `/billing`; empty for the root. */
  readonly prefix: string;
  readonly endpoints: readonly Endpoint[];
}

/** An OpenAPI document. */
export type OpenApiDocument = Readonly<Record<string, unknown>> & {
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
};

const INFO = {
  title: "MailingCore Billing",
  version: "1",
  description:
    "Plans, Stripe Checkout and Customer Portal, e-mail quota and AI tokens. Amounts are in minor " +
    "units, dates in UTC. Every error has a `code` for programs and a `message` for people.",
  license: { name: "MIT", identifier: "MIT" },
};
const REFUSAL_HEADERS: Readonly<Record<number, readonly string[]>> = {
  401: ["WWW-Authenticate"],
  429: ["Retry-After"],
  503: ["Retry-After"],
};
const RATE_HEADERS = [
  "RateLimit",
  "RateLimit-Policy",
  "X-RateLimit-Limit",
  "X-RateLimit-Remaining",
  "X-RateLimit-Reset",
];

/** The OpenAPI 3.1 document of what is mounted: what it says is what is checked. */
export function openApiDocument(mounted: readonly Mounted[]): OpenApiDocument {
  const schemas = new NamedSchemas();
  const paths: Record<string, Record<string, object>> = {};
  for (const { prefix, endpoints } of mounted) {
    for (const endpoint of endpoints) {
      const path = documentedPath(prefix, endpoint.path);
      const operation = operationOf(endpoint, prefix, schemas);
      paths[path] = { ...paths[path], [endpoint.method]: operation };
    }
  }
  return {
    openapi: "3.1.0",
    info: INFO,
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: schemas.all,
      securitySchemes: {
        token: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
      },
    },
  };
}

function operationOf(endpoint: Endpoint, prefix: string, schemas: NamedSchemas): object {
  const { access, body, method, summary, path } = endpoint;
  return {
    operationId: operationIdOf(method, documentedPath(prefix, path)),
    summary,
    description: ACCESS_RULES[access].replace("SCOPE", endpoint.scope ?? ""),
    tags: [path.split("/")[1]],
    ...(needsToken(access) && { security: [{ token: scopesOf(endpoint) }] }),
    parameters: parametersOf(endpoint, schemas),
    ...(body && {
      requestBody: {
        required: !body.isOptional,
        content: { "application/json": { schema: schemas.referTo(body.schema) } },
      },
    }),
    ...(access === "signature" && {
      requestBody: {
        required: true,
        content: { "application/json": { schema: { type: "object" } } },
      },
    }),
    responses: responsesOf(endpoint, prefix, schemas),
  };
}

function parametersOf({ access, params, query }: Endpoint, schemas: NamedSchemas): object[] {
  const headers = [
    ...(needsTenant(access)
      ? [
          {
            in: "header",
            name: "X-Tenant-Id",
            required: true,
            schema: { type: "string", pattern: TENANT_ID_PATTERN },
          },
        ]
      : []),
    ...(access === "signature"
      ? [{ in: "header", name: "Stripe-Signature", required: true, schema: { type: "string" } }]
      : []),
  ];
  return [
    ...headers,
    ...fieldsOf(params?.schema).map(([name, schema]) => ({
      in: "path",
      name,
      required: true,
      schema: schemas.referTo(schema),
    })),
    ...fieldsOf(query?.schema).map(([name, schema, required]) => ({
      in: "query",
      name,
      required,
      schema: schemas.referTo(schema),
    })),
  ];
}

function responsesOf(endpoint: Endpoint, prefix: string, schemas: NamedSchemas): object {
  const { access, answer, headers = [], links = {}, statuses = [200] } = endpoint;
  const rate = access === "signature" ? [] : RATE_HEADERS;
  const own = ["X-Request-Id", ...rate];
  const linked = Object.entries(links).map(([operation, parameters]) => {
    const [method = "", path = ""] = operation.split(" ");
    const operationId = operationIdOf(method, `${prefix}${path}`);
    return [operationId, { operationId, parameters }];
  });
  const answers = statuses.map((status) => [
    status,
    {
      description: STATUS_CODES[status],
      headers: headersOf([...own, ...headers]),
      content: { "application/json": { schema: schemas.referTo(answer) } },
      ...(linked.length > 0 && { links: Object.fromEntries(linked) }),
    },
  ]);
  const refused = [...refusalsOf(endpoint)].map(([status, codes]) => [
    status,
    {
      description: STATUS_CODES[status],
      headers: headersOf([
        ...own,
        ...(REFUSAL_HEADERS[status] ?? []),
        ...(status === 429 ? headers : []),
      ]),
      content: {
        "application/json": {
          schema: {
            allOf: [schemas.referTo(ERROR), { properties: { code: { enum: codes } } }],
          },
        },
      },
    },
  ]);
  return Object.fromEntries([...refused, ...answers]);
}

function headersOf(names: readonly string[]): object {
  return Object.fromEntries(
    [...new Set(names)].map((name) => [name, { schema: { type: "string" } }]),
  );
}

function fieldsOf(schema: TSchema | undefined): [string, TSchema, boolean][] {
  const { properties = {}, required = [] }: FieldsSchema = { ...schema };
  return Object.entries(properties).map(([name, field]) => [name, field, required.includes(name)]);
}

interface FieldsSchema {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
}

/** `:key` of Express's paths is `{key}` here. */
function documentedPath(prefix: string, path: string): string {
  return prefix + path.replaceAll(/:(\w+)/g, "{$1}");
}

function operationIdOf(method: string, path: string): string {
  const words = path.split(/\W+/).filter((word) => word !== "" && word !== "billing");
  return method + words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join("");
}

function needsToken(access: Access): boolean {
  return access !== "public" && access !== "signature";
}

function scopesOf({ access, scope }: Endpoint): readonly string[] {
  return [...(access === "operator" ? [OPERATOR_SCOPE] : []), ...(scope ? [scope] : [])];
}

function needsTenant(access: Access): boolean {
  return needsToken(access) && access !== "user" && access !== "operator";
}

const ACCESS_RULES: Readonly<Record<Access, string>> = {
  public: "For everybody.",
  signature: "For Stripe, which signs the body.",
  user: "For everybody with a valid token.",
  member: "For members of the tenant.",
  admin: "For members who run the tenant: OWNER, ADMIN.",
  payer: "For members who may spend the tenant's money: OWNER, ADMIN, BILLING.",
  service: "For services that act for the tenant; the token needs the scope `SCOPE`.",
  member_or_service:
    "For members of the tenant, and for services for all tenants with the scope `billing:usage`.",
  operator: "For services with the scope `billing:admin` whose token is for all tenants.",
};
