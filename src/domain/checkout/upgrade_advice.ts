import type { Catalog } from "../catalog/catalog.ts";
import { type NextPlanQuestion, nextPlan } from "../catalog/next_plan.ts";
import { isNearlyUsed } from "../quota/email_quota.ts";

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

/**
 * The next plan that allows more of everything of which 80 % or more are used; `null` where
 * nothing runs short or no plan gives more. Packs do not count: they are what an upgrade saves.
 */
export function upgradeAdvice(
  catalog: Catalog,
  { use, ...question }: Omit<NextPlanQuestion, "moreThan"> & { readonly use: PlanUse },
): UpgradeAdvice | null {
  const { emails, tokens } = use;
  const emailsShort = emails.limit !== null && runsShort(emails.used, emails.limit);
  const tokensShort = runsShort(tokens.used, tokens.included);
  const reasons: readonly UpgradeReason[] = [
    ...(emailsShort ? (["emails_over_80_percent"] as const) : []),
    ...(tokensShort ? (["tokens_over_80_percent"] as const) : []),
  ];
  const moreThan = {
    ...(emailsShort && { monthlyEmailLimit: emails.limit }),
    ...(tokensShort && { tokensIncludedMonth: tokens.included }),
  };
  const next = reasons.length === 0 ? null : nextPlan(catalog, { ...question, moreThan });
  return next && { planSlug: next.slug, reasons };
}

/** Whoever has none and uses none misses nothing. */
function runsShort(used: number, limit: number): boolean {
  return used > 0 && isNearlyUsed(used, limit);
}
