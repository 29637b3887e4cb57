import { type Catalog, isFree, type Plan } from "./catalog.ts";
import { LIMIT_FIELDS, type Limits } from "./plan_limits.ts";

/** A tenant that may need a higher plan. */
export interface NextPlanQuestion {
  /** The plan in force. */
  readonly plan: Plan;
  /** Whether another plan can be sold to the tenant. */
  readonly canBuy: boolean;
  /** The next plan must exceed these limits. Default: none. */
  readonly moreThan?: Partial<Limits>;
}

/**
 * Suggests a plan: the lowest one on sale above the plan in force that exceeds the given limits, in
 * the currency of that plan, which no subscription can change.
 * `null` if there is none, or none can be sold.
 */
export function nextPlan(
  catalog: Catalog,
  { plan, canBuy, moreThan = {} }: NextPlanQuestion,
): Plan | null {
  const higher = catalog.plans
    .filter((candidate) => candidate.active && !isFree(candidate) && candidate.rank > plan.rank)
    .filter((candidate) => isFree(plan) || sharesCurrency(candidate, plan))
    .filter((candidate) => exceeds(candidate, moreThan))
    .toSorted((a, b) => a.rank - b.rank);
  return canBuy ? (higher[0] ?? null) : null;
}

function sharesCurrency(one: Plan, other: Plan): boolean {
  return one.prices.some(({ currency }) => other.prices.some((own) => own.currency === currency));
}

function exceeds(plan: Plan, limits: Partial<Limits>): boolean {
  return LIMIT_FIELDS.every((field) => {
    const [allowed, exceeded] = [plan[field], limits[field]];
    return exceeded === undefined || (exceeded !== null && (allowed ?? Infinity) > exceeded);
  });
}
