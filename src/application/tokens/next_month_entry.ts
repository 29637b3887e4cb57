import { advanceMonths, monthsSettledLate } from "../../domain/quota/advance_months.ts";
import type { MonthLook } from "../../domain/quota/month_look.ts";
import { paidShare } from "../../domain/subscription/month.ts";
import { monthsOfLedger } from "../../domain/tokens/earlier_months.ts";
import { balanceOf, type LedgerEntry } from "../../domain/tokens/token_ledger.ts";
import {
  leavesNothing,
  monthKey,
  startOfStep,
  type TokenMonthFact,
  tokenMonthFact,
  withoutGrant,
} from "../../domain/tokens/token_months.ts";
import type { AppendableLedger } from "../ports/tokens/token_ledger_store.ts";

/** An entry to append for what a look found, and the month that it makes good. */
export interface NextMonthEntry {
  readonly fact: TokenMonthFact;
  readonly madeGood: { readonly name: string; readonly start: Date } | null;
}

/**
 * What a ledger lacks of a tenant's months, one entry at a time (P23 to P25): the next step of its
 * months, else the tokens of one that was settled late; `undefined` where it lacks nothing.
 *
 * @throws {PortError}
 */
export async function nextMonthEntry(
  ledger: Pick<AppendableLedger, "find">,
  last: LedgerEntry | undefined,
  { tenantId, look, now }: { tenantId: string; look: MonthLook; now: Date },
): Promise<NextMonthEntry | undefined> {
  const usage = monthsOfLedger(last, look);
  const before = { balance: balanceOf(last), seq: (last?.seq ?? 0) + 1 };
  const [step] = advanceMonths(usage, look, now);
  if (step !== undefined && !leavesNothing(step, last)) {
    const fact = tokenMonthFact(step, before);
    const isRecorded = (await ledger.find(tenantId, fact.key)) !== undefined;
    return isRecorded
      ? { fact: withoutGrant(fact, step, before.seq), madeGood: null }
      : { fact, madeGood: step.madeGood > 0 ? startOfStep(step, look) : null };
  }
  for (const month of monthsSettledLate(usage, look)) {
    const key = monthKey(month.name);
    const tokens = paidShare(month, "tokens");
    const { knownSince } = look;
    const isDue = knownSince === null || (month.settledAt ?? knownSince) > knownSince;
    if (isDue && (await ledger.find(tenantId, key)) === undefined) {
      const { monthly } = before.balance;
      const common = { key, kind: "grant" as const, monthly, expired: 0 };
      return { fact: { ...common, packTokens: tokens, months: usage }, madeGood: month };
    }
  }
  return undefined;
}
