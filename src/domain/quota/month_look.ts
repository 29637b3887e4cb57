import type { Catalog } from "../catalog/catalog.ts";
import { type BillingAccount, isEnded } from "../subscription/billing_account.ts";
import { type Entitlement, entitlement } from "../subscription/entitlement.ts";
import type { Measure, Month } from "../subscription/month.ts";
import { NO_STANDING } from "../subscription/standing.ts";

/** What a look found, for one measure. */
export interface MonthLook {
  readonly measure: Measure;
  /** The month in force. */
  readonly month: Month;
  /** All months of the current subscription, in order. */
  readonly months: readonly Month[];
  /** Whether the last month begun continues, even if it is a later one. */
  readonly goesOn: boolean;
  readonly subscriptionLives: boolean;
  /** Months that ended before this are not made good; `null`: no such bound. */
  readonly knownSince: Date | null;
}

/** What an account is entitled to at a moment: an ended one to the free plan, whatever it pays. */
export function accountEntitlement(
  { standing, ending }: Pick<BillingAccount, "standing" | "ending">,
  catalog: Catalog,
  at: { readonly now: Date; readonly graceDays: number },
): Entitlement {
  const paid = entitlement(standing ?? NO_STANDING, catalog, at);
  return isEnded({ ending }, at.now)
    ? { ...entitlement(NO_STANDING, catalog, at), owed: paid.owed }
    : paid;
}

/** Reads what a look at an account found, for one measure. */
export function monthLook(
  { knownSince }: Pick<BillingAccount, "knownSince">,
  { month, months, goesOn, subscriptionLives }: Entitlement,
  measure: Measure,
): MonthLook {
  return { measure, month, months, goesOn, subscriptionLives, knownSince };
}
