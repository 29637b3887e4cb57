import { type Catalog, isFree, type Plan } from "../catalog/catalog.ts";

/** Why a tenant does well to take a higher plan. */
export type UpgradeReason = "emails_over_80_percent" | "tokens_over_80_percent";

/** The next plan that gives more of what runs short. */
export interface UpgradeAdvice {
  readonly planSlug: string;
  /** At least one. */
  readonly reasons: readonly UpgradeReason[];
}

/** What a tenant has used of its plan in the running period. */
export interface PlanUse {
  /** `null` where the plan has no limit. */
  readonly emails: { readonly used: number; readonly limit: number | null };
  readonly tokens: { readonly used: number; readonly included: number };
}

const WARNING_PERCENT = 80;

/**
 * The lowest plan on sale above `plan` that allows more of everything of which 80 % or more are
 * used; `null` where nothing runs short or no plan gives more. Packs do not count: they are what
 * an upgrade saves.
 */
export function upgradeAdvice(plan: Plan, use: PlanUse, catalog: Catalog): UpgradeAdvice | null {
  const reasons = reasonsFor(use);
  if (reasons.length === 0) {
    return null;
  }
  const next = catalog.plans
    .filter(({ active, rank }) => active && rank > plan.rank)
    .filter((candidate) => !isFree(candidate))
    .filter((candidate) => reasons.every((reason) => givesMore(candidate, use, reason)))
    .toSorted((a, b) => a.rank - b.rank)[0];
  return next === undefined ? null : { planSlug: next.slug, reasons };
}

function reasonsFor({ emails, tokens }: PlanUse): UpgradeReason[] {
  const reasons: UpgradeReason[] = [];
  if (emails.limit !== null && runsShort(emails.used, emails.limit)) {
    reasons.push("emails_over_80_percent");
  }
  if (runsShort(tokens.used, tokens.included)) {
    reasons.push("tokens_over_80_percent");
  }
  return reasons;
}

/** Whoever has none and uses none misses nothing. */
function runsShort(used: number, limit: number): boolean {
  return used > 0 && used * 100 >= limit * WARNING_PERCENT;
}

function givesMore(plan: Plan, { emails, tokens }: PlanUse, reason: UpgradeReason): boolean {
  switch (reason) {
    case "emails_over_80_percent":
      return (
        emails.limit !== null &&
        (plan.monthlyEmailLimit === null || plan.monthlyEmailLimit > emails.limit)
      );
    case "tokens_over_80_percent":
      return plan.tokensIncludedMonth > tokens.included;
    default:
      return reason satisfies never;
  }
}
