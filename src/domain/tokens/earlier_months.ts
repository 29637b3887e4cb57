import type { MonthLook } from "../quota/month_look.ts";
import { NO_MONTHS, type UsageMonths } from "../quota/usage_months.ts";
import type { LedgerEntry } from "./token_ledger.ts";
import { monthOfKey } from "./token_months.ts";

/**
 * The months of a ledger. Of one whose last entry has only the grant in force, that is the one
 * month: the names of months are those that grants have always had. Where that release cut the
 * months of a year otherwise, it is the month by that name which contains its beginning.
 */
export function monthsOfLedger(
  last: LedgerEntry | undefined,
  { months }: Pick<MonthLook, "months">,
): UsageMonths {
  if (last === undefined || last.grant === null) {
    return last?.months ?? NO_MONTHS;
  }
  const { grant, monthly, at } = last;
  const named = monthOfKey(grant.key);
  const start = monthStart(named) ?? at;
  const subscriptionId = named.startsWith("free:") ? null : (named.split(":")[0] ?? null);
  const containing = months.find(
    (month) => month.subscriptionId === subscriptionId && month.start <= start && start < month.end,
  );
  const name = containing?.name ?? named;
  const month = {
    name,
    subscriptionId,
    start: containing?.start ?? start,
    end: containing?.end ?? grant.expiresAt,
    allowance: grant.tokens,
    own: grant.tokens - monthly,
    inherited: 0,
    from: null,
    missed: false,
  };
  return { ...NO_MONTHS, months: [month], current: name, since: at };
}

/** When the month of that name begins; `null` where it does not say. */
export function monthStart(name: string): Date | null {
  const start = new Date(/:(\d{4}-\d\d-\d\dT.+)$/.exec(name)?.[1] ?? "");
  return Number.isNaN(start.getTime()) ? null : start;
}
