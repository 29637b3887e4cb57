import {
  type Catalog,
  findPlan,
  type Interval,
  isFree,
  type Plan,
  type PlanPrice,
} from "./catalog.ts";

/** A plan that can be bought, with its price for the chosen interval. */
export interface PlanChoice {
  readonly type: "chosen";
  readonly plan: Plan;
  readonly price: PlanPrice;
}

/** Why a plan cannot be bought. */
export type PlanChoiceRefusal =
  | { readonly type: "unknown_plan"; readonly planSlug: string }
  | { readonly type: "plan_not_purchasable"; readonly planSlug: string; readonly reason: string };

/** The plan and interval that a tenant wants to buy. */
export interface PlanSelection {
  readonly planSlug: string;
  /** Default: `month`. */
  readonly interval?: Interval | undefined;
}

/** Finds the catalogue's price for a plan, the only price ever charged (P20). */
export function choosePlan(
  catalog: Catalog,
  { planSlug, interval = "month" }: PlanSelection,
): PlanChoice | PlanChoiceRefusal {
  const plan = findPlan(catalog, planSlug);
  if (plan === undefined) {
    return { type: "unknown_plan", planSlug };
  }
  const notPurchasable = (reason: string): PlanChoiceRefusal => ({
    type: "plan_not_purchasable",
    planSlug,
    reason,
  });
  if (!plan.active) {
    return notPurchasable("it is no longer offered");
  }
  if (isFree(plan)) {
    return notPurchasable("it is free");
  }
  const price = plan.prices.find((candidate) => candidate.interval === interval);
  return price
    ? { type: "chosen", plan, price }
    : notPurchasable(`it has no price per ${interval}`);
}
