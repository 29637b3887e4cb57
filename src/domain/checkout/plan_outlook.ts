import { PLAN_LIMITS } from "../catalog/plan_limits.ts";
import { advancedMonths } from "../quota/advance_months.ts";
import { accountEntitlement, monthLook } from "../quota/month_look.ts";
import { currentMonth, leftOf, type UsageMonths } from "../quota/usage_months.ts";
import type { BillingAccount } from "../subscription/billing_account.ts";
import type { CustomerSnapshot } from "../subscription/customer_snapshot.ts";
import type { Entitlement } from "../subscription/entitlement.ts";
import { type LookSettings, synchronizeAccount } from "../subscription/synchronize_account.ts";

/** A limit now and when a change of plan has taken effect; `null` is unlimited. */
export interface LimitOutlook {
  /** `emails` (of the month), or a countable thing such as `domains`. */
  readonly name: string;
  readonly now: number | null;
  readonly later: number | null;
  /** What counts as used when the change takes effect; `null` for what is not counted here. */
  readonly used: number | null;
}

/** What a change of plan means for what may be used. */
export interface PlanOutlook {
  readonly limits: readonly LimitOutlook[];
  /** Tokens of the month: left now, and there when the change takes effect. */
  readonly tokens: { readonly left: number; readonly later: number };
}

/** What a tenant has used, by its months. */
export interface PlanUsage {
  readonly emails: UsageMonths;
  readonly tokens: UsageMonths;
}

/**
 * Says what may be used before and after a supposed change, by the very rules that will decide when
 * it has happened.
 *
 * @param settings `at`: when the change takes effect
 */
export function planOutlook(
  account: BillingAccount,
  supposed: CustomerSnapshot,
  { usage, at, ...settings }: LookSettings & { readonly usage: PlanUsage; readonly at: Date },
): PlanOutlook {
  const { catalog, graceDays, now } = settings;
  const changed = synchronizeAccount(account, supposed, { ...settings, now: at });
  const before = accountEntitlement(account, catalog, { now, graceDays });
  const after = accountEntitlement(changed, catalog, { now: at, graceDays });
  const emails = monthsAfter(usage.emails, changed, { entitled: after, measure: "emails", at });
  const tokens = monthsAfter(usage.tokens, changed, { entitled: after, measure: "tokens", at });
  const month = currentMonth(emails);
  return {
    limits: [
      {
        name: "emails",
        now: currentMonth(usage.emails)?.allowance ?? null,
        later: month?.allowance ?? null,
        used: (month?.own ?? 0) + (month?.inherited ?? 0),
      },
      ...PLAN_LIMITS.map(({ name, field }) => ({
        name,
        now: before.plan[field],
        later: after.plan[field],
        used: null,
      })),
    ],
    tokens: { left: leftOf(usage.tokens) ?? 0, later: leftOf(tokens) ?? 0 },
  };
}

function monthsAfter(
  months: UsageMonths,
  account: BillingAccount,
  { entitled, measure, at }: { entitled: Entitlement; measure: "emails" | "tokens"; at: Date },
): UsageMonths {
  return advancedMonths(months, monthLook(account, entitled, measure), at);
}
