import type { Billing } from "../../../application/billing.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { COUNT, closed, DATE_TIME, LIMIT, listOf } from "../schema.ts";

const EMAIL_PERIOD = closed(
  {
    start: DATE_TIME,
    end: DATE_TIME,
    limit: LIMIT,
    used: { ...COUNT, description: "Counted against the limit, with what the month inherited" },
  },
  { title: "EmailPeriod" },
);

/** `GET /usage/emails/periods`: the e-mails of two years by month, the running one last. */
export function emailPeriodsEndpoint({ readEmailPeriods }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/usage/emails/periods",
    access: "member",
    summary: "E-mails counted in the months of two years, the running one last",
    answer: listOf(EMAIL_PERIOD),
    async handle({ tenantId }) {
      const periods = await readEmailPeriods.execute({ tenantId });
      const data = periods.map(({ start, end, limit, used }) => ({
        start: start.toISOString(),
        end: end.toISOString(),
        limit,
        used,
      }));
      return { status: 200, body: { data } };
    },
  });
}
