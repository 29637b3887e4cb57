import { type Catalog, isFree, type Plan } from "./catalog.ts";
import { LIMIT_FIELDS, type Limits } from "./plan_limits.ts";

/** A tenant that may need a higher plan. */
export interface NextPlanQuestion {
  /** The plan in force. */
  readonly plan: Plan;
  /** Whether a payment has to be made before anything else can be bought (P17). */
  readonly paymentDue: boolean;
  /** Limits that the next plan must exceed. Default: none. */
  readonly moreThan?: Partial<Limits>;
}

/**
 * The plan to suggest: the lowest one on sale above the plan in force that exceeds the limits
 * given. `null` where there is none, and while a payment is due.
 */
export function nextPlan(
  catalog: Catalog,
  { plan, paymentDue, moreThan = {} }: NextPlanQuestion,
): Plan | null {
  const higher = catalog.plans
    .filter((candidate) => candidate.active && !isFree(candidate) && candidate.rank > plan.rank)
    .filter((candidate) => exceeds(candidate, moreThan))
    .toSorted((a, b) => a.rank - b.rank);
  return paymentDue ? null : (higher[0] ?? null);
}

function exceeds(plan: Plan, limits: Partial<Limits>): boolean {
  return LIMIT_FIELDS.every((field) => {
    const [allowed, exceeded] = [plan[field], limits[field]];
    return exceeded === undefined || (exceeded !== null && (allowed ?? Infinity) > exceeded);
  });
}
