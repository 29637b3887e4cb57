import type { Catalog } from "../catalog/catalog.ts";
import type { BillingAccount } from "../subscription/billing_account.ts";
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

/** What an account is entitled to at a moment. */
export function accountEntitlement(
  { standing }: Pick<BillingAccount, "standing">,
  catalog: Catalog,
  at: { readonly now: Date; readonly graceDays: number },
): Entitlement {
  return entitlement(standing ?? NO_STANDING, catalog, at);
}

/** Reads what a look at an account found, for one measure. */
export function monthLook(
  { knownSince }: Pick<BillingAccount, "knownSince">,
  { month, months, goesOn, subscriptionLives }: Entitlement,
  measure: Measure,
): MonthLook {
  return { measure, month, months, goesOn, subscriptionLives, knownSince };
}
