import type { MonthLook } from "../quota/month_look.ts";
import { NO_MONTHS, type UsageMonths } from "../quota/usage_months.ts";
import type { LedgerEntry } from "./token_ledger.ts";
import { monthOfKey } from "./token_months.ts";

/**
 * Reads the months of a ledger. If its last entry has only the grant in force, that grant is the
 * one month: months are named as grants always were. Where that release cut a year's months
 * differently, it is the month of that name that contains the grant's beginning.
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

/** Reads when a month begins from its name; `null` if the name does not tell. */
export function monthStart(name: string): Date | null {
  const start = new Date(/:(\d{4}-\d\d-\d\dT.+)$/.exec(name)?.[1] ?? "");
  return Number.isNaN(start.getTime()) ? null : start;
}
