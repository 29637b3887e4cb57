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
 * Suggests a plan: the lowest one on sale above the plan in force that exceeds the given limits.
 * `null` if there is none, or none can be sold.
 */
export function nextPlan(
  catalog: Catalog,
  { plan, canBuy, moreThan = {} }: NextPlanQuestion,
): Plan | null {
  const higher = catalog.plans
    .filter((candidate) => candidate.active && !isFree(candidate) && candidate.rank > plan.rank)
    .filter((candidate) => exceeds(candidate, moreThan))
    .toSorted((a, b) => a.rank - b.rank);
  return canBuy ? (higher[0] ?? null) : null;
}

function exceeds(plan: Plan, limits: Partial<Limits>): boolean {
  return LIMIT_FIELDS.every((field) => {
    const [allowed, exceeded] = [plan[field], limits[field]];
    return exceeded === undefined || (exceeded !== null && (allowed ?? Infinity) > exceeded);
  });
}
