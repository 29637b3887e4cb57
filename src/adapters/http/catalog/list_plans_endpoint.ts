import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import type { OfferedPlan } from "../../../application/catalog/list_plans.ts";
import { limitsOf } from "../../../domain/catalog/plan_limits.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { LIMITS } from "../quota/quota_schemas.ts";
import { AMOUNT, CURRENCY, closed, INTERVAL, listOf, type Shown, TAX } from "../schema.ts";

const PLAN = closed(
  {
    slug: Type.String(),
    name: Type.String(),
    rank: Type.Integer({ description: "The order of plans: a higher one is an upgrade" }),
    prices: Type.Array(
      closed({
        interval: INTERVAL,
        amount: AMOUNT,
        currency: CURRENCY,
        stripePriceId: Type.String(),
        tax: TAX,
      }),
    ),
    ...LIMITS,
  },
  { title: "Plan" },
);

/** `GET /plans`: what can be chosen, lowest rank first. */
export function listPlansEndpoint({ listPlans }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/plans",
    access: "user",
    summary: "Plans on offer, lowest rank first",
    answer: listOf(PLAN),
    async handle() {
      const plans = await listPlans.execute();
      return { status: 200, body: { data: plans.map(planBody) } };
    },
  });
}

function planBody(plan: OfferedPlan): Shown<typeof PLAN> {
  const prices = plan.prices.map(({ interval, amount, currency, priceId, tax }) => ({
    interval,
    amount,
    currency,
    stripePriceId: priceId,
    tax,
  }));
  return {
    slug: plan.slug,
    name: plan.name,
    rank: plan.rank,
    prices,
    ...limitsOf(plan),
  };
}
