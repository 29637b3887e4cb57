import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { input } from "../input.ts";
import { COUNT, closed, DATE_TIME, listOf } from "../schema.ts";

const DEFAULT_LIMIT = 6;

/** What `GET /tokens/periods` takes in its query. */
const QUERY = closed({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 24 })) });

const TOKEN_PERIOD = closed(
  {
    start: DATE_TIME,
    end: DATE_TIME,
    granted: Type.Integer(),
    used: Type.Integer(),
    usedPacks: Type.Integer(),
    bought: COUNT,
  },
  { title: "TokenPeriod" },
);

/** `GET /tokens/periods`: what was granted, bought and used in the last months, newest first. */
export function tokenPeriodsEndpoint({ readTokenPeriods }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/tokens/periods",
    access: "member",
    summary: "AI tokens granted, bought and used in the last months, newest first",
    query: input(QUERY),
    answer: listOf(TOKEN_PERIOD),
    async handle({ tenantId, query: { limit = DEFAULT_LIMIT } }) {
      const periods = await readTokenPeriods.execute({
        tenantId,
        limit,
      });
      const data = periods.map(({ start, end, granted, used, usedPacks, bought }) => ({
        start: start.toISOString(),
        end: end.toISOString(),
        granted,
        used,
        usedPacks,
        bought,
      }));
      return { status: 200, body: { data } };
    },
  });
}
