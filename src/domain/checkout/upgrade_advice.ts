import type { Catalog } from "../catalog/catalog.ts";
import { type NextPlanQuestion, nextPlan } from "../catalog/next_plan.ts";
import { isNearlyUsed } from "../quota/email_quota.ts";

/** Why a higher plan would help. */
export type UpgradeReason = "emails_over_80_percent" | "tokens_over_80_percent";

/** The next plan that offers more of what is running out. */
export interface UpgradeAdvice {
  readonly planSlug: string;
  /** At least one reason. */
  readonly reasons: readonly UpgradeReason[];
}

/** What a tenant has used of its plan in the current period. */
export interface PlanUse {
  /** `limit` is `null` if the plan has none. */
  readonly emails: { readonly used: number; readonly limit: number | null };
  readonly tokens: { readonly used: number; readonly included: number };
}

/**
 * Suggests the next plan that offers more of everything that is at least 80 % used. `null` if
 * nothing is running out or no plan offers more. Packs do not count: an upgrade would save buying
 * them.
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

/** A tenant that has none and uses none needs no more. */
function runsShort(used: number, limit: number): boolean {
  return used > 0 && isNearlyUsed(used, limit);
}
