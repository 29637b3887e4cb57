import type { Billing } from "../../../application/billing.ts";
import type { Plan } from "../../../domain/catalog/catalog.ts";
import { limitsOf } from "../../../domain/catalog/plan_limits.ts";
import type { Endpoint } from "../endpoint.ts";

/** `GET /plans`: what can be chosen, lowest rank first. */
export function listPlansEndpoint({ listPlans }: Billing): Endpoint {
  return {
    method: "get",
    path: "/plans",
    access: "user",
    async handle() {
      const plans = await listPlans.execute();
      return { status: 200, body: { data: plans.map(planBody) } };
    },
  };
}

function planBody(plan: Plan) {
  const prices = plan.prices.map(({ interval, amount, currency, priceId }) => ({
    interval,
    amount,
    currency,
    stripePriceId: priceId,
  }));
  return {
    slug: plan.slug,
    name: plan.name,
    rank: plan.rank,
    prices,
    ...limitsOf(plan),
  };
}
