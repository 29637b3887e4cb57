import { createSecretKey } from "node:crypto";
import jwt from "jsonwebtoken";
import type { Environment } from "../../../src/kit/settings.ts";
import { sendHeaders } from "../../rig/service_rig.ts";
import { startBilling } from "../../rig/started_billing.ts";
import { soundClaims } from "../../samples/http.ts";
import { startSpoiler } from "../spoiler.ts";
import { type Row, statusOf, type Table } from "../table.ts";

const SECRET = "only-for-attacks-on-a-test-service-0123456789";
const TENANT = "cldevelop1";
const OTHER = "clother0002";

/** Values that mean something to a database or a runtime. */
const VALUES: readonly unknown[] = [
  { $ne: null },
  { $gt: "" },
  { $where: "sleep(1000)" },
  { $regex: ".*" },
  { $in: ["a"] },
  { $expr: { $eq: [1, 1] } },
  { $function: { body: "x", args: [], lang: "js" } },
  { $oid: "507f1f77bcf86cd799439011" },
  { $numberLong: "1" },
  { _bsontype: "ObjectId", id: "a" },
  { __proto__: { polluted: true } },
  JSON.parse('{"__proto__": {"polluted": true}}'),
  JSON.parse('{"constructor": {"prototype": {"polluted": true}}}'),
  { toString: "a" },
  { length: 1e9 },
  ["a", "b"],
  [],
  [["a"]],
  null,
  true,
  -1,
  1.5,
  "1",
  "",
];

const TEXTS = [
  "' OR '1'='1",
  "'; DROP TABLE accounts; --",
  '" OR ""="',
  "1; SELECT pg_sleep(9)",
  "a' UNION SELECT * FROM ledger --",
  "$where",
  "a.b",
  "$a",
  "a\u0000b",
  "a\r\nX-Injected: 1",
  "../../etc/passwd",
  "%00",
  "{{7*7}}",
  "<script>alert(1)</script>",
  "\ud800",
  "__proto__",
  "constructor",
  "*",
];

interface Attack {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether it can be meant; then it may be answered, but must find nothing else. */
  readonly isText?: boolean;
}

const BODIES: readonly (readonly [path: string, body: Readonly<Record<string, unknown>>])[] = [
  ["/billing/usage/emails", { count: 1, key: "k" }],
  ["/billing/tokens/debits", { key: "k", amount: 1, reason: "r" }],
  ["/billing/tokens/reservations", { key: "k", amount: 1, expiresInSeconds: 60 }],
  ["/billing/tokens/reservations/k/commit", { amount: 1 }],
  ["/billing/checkout", { planSlug: "pro", successUrl: "https://a", cancelUrl: "https://a" }],
  ["/billing/portal", { returnUrl: "https://a", flow: "payment_method_update" }],
];

const QUERIES = [
  ["/billing/tokens", "limit"],
  ["/billing/tokens", "cursor"],
  ["/billing/invoices", "cursor"],
  ["/billing/checkout/preview?planSlug=pro&x=1", "interval"],
  ["/billing/limits/domains", "count"],
  ["/billing/audit", "cursor"],
] as const;

function attacks(): Attack[] {
  const inBodies = BODIES.flatMap(([path, body]) =>
    Object.keys(body).flatMap((field) =>
      VALUES.map((value) => ({
        what: `${field} of ${path}: ${JSON.stringify(value)}`,
        method: "POST",
        path,
        body: JSON.stringify({ ...body, [field]: value }),
        isText: value === "1",
      })),
    ),
  );
  const inTexts = BODIES.flatMap(([path, body]) =>
    Object.keys(body)
      .filter((field) => typeof body[field] === "string")
      .flatMap((field) =>
        TEXTS.map((text) => ({
          what: `${field} of ${path}: ${JSON.stringify(text)}`,
          method: "POST",
          path,
          body: JSON.stringify({ ...body, [field]: text }),
          isText: true,
        })),
      ),
  );
  const extra = BODIES.flatMap(([path, body]) =>
    ["tenantId", "balance", "grantedBy", "status", "livemode", "__v", "_id", "__proto__"].map(
      (field) => ({
        what: `${field} beside what ${path} takes`,
        method: "POST",
        path,
        body: `${JSON.stringify(body).slice(0, -1)},"${field}":{"a":1}}`,
      }),
    ),
  );
  const inQueries = QUERIES.flatMap(([path, name]) =>
    [...TEXTS.slice(0, 14), "[$ne]", "1e9", "-1", "0x10", " 1"].flatMap((text) => {
      const sign = path.includes("?") ? "&" : "?";
      const given = `${path}${sign}${name}=${encodeURIComponent(text)}`;
      return [
        { what: `query ${given}`, method: "GET", path: given },
        { what: `query ${name}[$ne]`, method: "GET", path: `${path}${sign}${name}[$ne]=1` },
        { what: `query ${name} twice`, method: "GET", path: `${path}${sign}${name}=1&${name}=2` },
      ];
    }),
  );
  const inHeaders = [...TEXTS.filter((text) => /^[\x20-\x7e]+$/.test(text)), `${TENANT}, ${OTHER}`]
    .flatMap((text) => [text, `${TENANT}${text}`])
    .map((text) => ({
      what: `X-Tenant-Id: ${text}`,
      method: "GET",
      path: "/billing/subscription",
      headers: { "X-Tenant-Id": text },
    }));
  const inPaths = TEXTS.filter((text) => text.isWellFormed()).map((text) => ({
    what: `key in a path: ${JSON.stringify(text)}`,
    method: "DELETE",
    path: `/billing/usage/emails/${encodeURIComponent(text)}`,
    isText: true,
  }));
  return [...inBodies, ...inTexts, ...extra, ...inQueries, ...inHeaders, ...inPaths];
}

function tokenOf(tenantId: string): string {
  const claims = soundClaims({
    tenants: [{ id: tenantId, role: "OWNER" }],
    scope: "billing:usage billing:tokens",
  });
  return jwt.sign(claims, createSecretKey(Buffer.from(SECRET)), { algorithm: "HS256" });
}

/** Operators, prototypes, SQL and fields that are not asked for, at one store. */
export function injectionTable(store: string, env: () => Promise<Environment>): Table {
  return {
    name: `injection on ${store}`,
    plant: "whatever names an operator is answered 500, as an unguarded query would be",
    async attack(isPlanted) {
      const running = await startBilling({
        ...(await env()),
        AUTH_JWT_SECRET: SECRET,
        RATE_LIMIT_PER_MINUTE: "1000000",
      });
      const spoiler =
        isPlanted &&
        (await startSpoiler(running.service.url, (passing) =>
          passing.body.includes("$") ? 500 : passing,
        ));
      const url = spoiler ? spoiler.url : running.service.url;
      const ask = (path: string, headers: Readonly<Record<string, string>>) =>
        sendHeaders(`${running.service.url}${path}`, headers);
      const others = { Authorization: `Bearer ${tokenOf(OTHER)}`, "X-Tenant-Id": OTHER };
      const before = await ask("/billing/tokens", others);
      const rows: Row[] = [];
      for (const one of attacks()) {
        const headers = {
          Authorization: `Bearer ${tokenOf(TENANT)}`,
          "X-Tenant-Id": TENANT,
          ...(one.body !== undefined && {
            "Content-Type": "application/json",
            "Content-Length": String(Buffer.byteLength(one.body)),
          }),
          ...one.headers,
        };
        const { method, path, body = "" } = one;
        const status = await statusOf(sendHeaders(url, headers, { method, body, path }));
        const refused = [400, 403, 404, 409, 422].includes(status);
        rows.push({
          what: one.what,
          held: refused || (one.isText === true && [200, 402].includes(status)),
        });
      }
      const after = await ask("/billing/tokens", others);
      const isSame = JSON.stringify(after.body) === JSON.stringify(before.body);
      await (spoiler ? spoiler.close() : undefined);
      await running.close();
      return [
        ...rows,
        { what: "another tenant's ledger is as it was", held: after.status === 200 && isSame },
        { what: "no prototype is polluted", held: !("polluted" in {}) },
      ];
    },
  };
}
