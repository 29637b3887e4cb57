import jwt from "jsonwebtoken";
import { adminHeaders, send } from "../../rig/service_rig.ts";
import { TENANT } from "../../samples/account.ts";
import { token } from "../../samples/http.ts";
import { attackService } from "../spoiled_service.ts";
import { type Row, statusOf, type Table } from "../table.ts";

const LIMIT = 50;
const FLOOD = 500;
const NEIGHBOUR = "198.51.100.9";

interface Flood {
  readonly what: string;
  readonly method?: string;
  readonly path: string;
  readonly headers: (n: number) => Record<string, string>;
}

const FLOODS: readonly Flood[] = [
  {
    what: "tokens that nobody signed",
    path: "/billing/plans",
    headers: (n) => ({ Authorization: `Bearer ${token({ sub: `u${n}` }).slice(0, -9)}AAAAAAAAA` }),
  },
  {
    what: "tokens of made-up keys",
    path: "/billing/plans",
    headers: (n) => ({
      Authorization: `Bearer ${Buffer.from(`{"alg":"RS256","kid":"${n}"}`).toString("base64url")}.e30.AA`,
    }),
  },
  { what: "no token", path: "/billing/subscription", headers: () => ({}) },
  { what: "paths that there are not", path: "/billing/nothing", headers: () => ({}) },
  { what: "paths of nobody", path: "/wp-login.php", headers: () => ({}) },
  {
    what: "methods that there are not",
    method: "PUT",
    path: "/billing/plans",
    headers: () => ({}),
  },
  { what: "paths that cannot be read", path: "/billing/events/%ff", headers: () => ({}) },
  {
    what: "one user's requests",
    path: "/billing/plans",
    headers: () => ({ Authorization: `Bearer ${token({ sub: "flooder" })}` }),
  },
  {
    what: "one service's requests for a tenant",
    path: "/billing/limits/domains?count=1",
    headers: () => serviceHeaders("flooder", TENANT),
  },
  {
    what: "one service's requests for ever other tenants, none of which is its own",
    path: "/billing/limits/domains?count=1",
    headers: (n) => serviceHeaders("stranger", `clnotmine${n}`),
  },
];

function serviceHeaders(sub: string, tenantId: string): Record<string, string> {
  const claims = { sub, scope: "billing:usage", tenants: [{ id: TENANT, role: "ADMIN" }] };
  return { Authorization: `Bearer ${token(claims)}`, "X-Tenant-Id": tenantId };
}

/** The subject of a token that is one user's or one service's without end. */
const FLOODERS = ["flooder", "stranger"];

/** The same request, of somebody else. */
function asSomebodyElse(authorization: string | undefined, sub: string): string | undefined {
  const claims = jwt.decode(authorization?.split(" ")[1] ?? "");
  return typeof claims === "object" && FLOODERS.includes(String(claims?.sub))
    ? `Bearer ${token({ ...claims, sub })}`
    : authorization;
}

/** One address, user or service that asks without end: it is refused, and nobody else (P35). */
export const FLOOD_TABLE: Table = {
  name: "floods",
  plant: "every request comes from another address and another user",
  attack: (isPlanted) => {
    let n = 0;
    const spread = () => {
      n += 1;
      return `10.${(n >> 16) % 256}.${(n >> 8) % 256}.${n % 256}`;
    };
    return attackService(
      isPlanted
        ? (passing) => {
            const address = spread();
            const authorization = asSomebodyElse(passing.headers.authorization, address);
            return {
              ...passing,
              headers: {
                ...passing.headers,
                "x-forwarded-for": address,
                ...(authorization !== undefined && { authorization }),
              },
            };
          }
        : null,
      async (url, service) => {
        const rows: Row[] = [];
        for (const [index, flood] of FLOODS.entries()) {
          const from = `203.0.113.${index + 1}`;
          const statuses: number[] = [];
          for (let n = 1; n <= FLOOD; n += 1) {
            const headers = { "X-Forwarded-For": from, ...flood.headers(n) };
            const sent = { headers, ...(flood.method !== undefined && { method: flood.method }) };
            statuses.push(await statusOf(send(`${url}${flood.path}`, sent)));
          }
          const neighbour = adminHeaders({
            Authorization: `Bearer ${token({ sub: `neighbour-${index}` })}`,
            "X-Forwarded-For": NEIGHBOUR,
          });
          const refused = statuses.filter((status) => status === 429).length;
          const other = await statusOf(
            send(`${service.url}/billing/plans`, { headers: neighbour }),
          );
          const health = await statusOf(
            send(`${service.url}/healthz`, { headers: { "X-Forwarded-For": from } }),
          );
          rows.push(
            { what: `${flood.what}: refused beyond ${LIMIT}`, held: refused >= FLOOD - LIMIT - 1 },
            {
              what: `${flood.what}: nothing fails`,
              held: statuses.every((one) => one < 500 && one > 0),
            },
            { what: `${flood.what}: others are served`, held: other === 200 },
            { what: `${flood.what}: health checks are answered`, held: health === 200 },
          );
        }
        return rows;
      },
      { rateLimitPerMinute: LIMIT, rateLimitServicePerMinute: LIMIT, trustedProxies: 1 },
    );
  },
};
