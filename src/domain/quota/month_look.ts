import type { Catalog } from "../catalog/catalog.ts";
import type { BillingAccount } from "../subscription/billing_account.ts";
import { type Entitlement, entitlement } from "../subscription/entitlement.ts";
import type { Measure, Month } from "../subscription/month.ts";
import { NO_STANDING } from "../subscription/standing.ts";

/** What a look has found, for one measure. */
export interface MonthLook {
  readonly measure: Measure;
  /** The month in force. */
  readonly month: Month;
  /** All months of the subscription that counts, in order. */
  readonly months: readonly Month[];
  /** Whether the last month begun goes on, where that is a later one. */
  readonly goesOn: boolean;
  readonly subscriptionLives: boolean;
  /** Months that were over before the tenant was known are not made good; `null`: no such bound. */
  readonly knownSince: Date | null;
}

/** What an account entitles to at a moment. */
export function accountEntitlement(
  { standing }: Pick<BillingAccount, "standing">,
  catalog: Catalog,
  at: { readonly now: Date; readonly graceDays: number },
): Entitlement {
  return entitlement(standing ?? NO_STANDING, catalog, at);
}

/** What a look at an account has found, for one measure. */
export function monthLook(
  { knownSince }: Pick<BillingAccount, "knownSince">,
  { month, months, goesOn, subscriptionLives }: Entitlement,
  measure: Measure,
): MonthLook {
  return { measure, month, months, goesOn, subscriptionLives, knownSince };
}
