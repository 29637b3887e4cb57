import { isEnded } from "../../domain/subscription/billing_account.ts";
import type { LedgerEntry, TokenBalance, UnsealedEntry } from "../../domain/tokens/token_ledger.ts";
import type { SpendingRefusal } from "../../domain/tokens/token_ledger_spending.ts";
import { isMonthOver } from "../../domain/tokens/token_months.ts";
import { type Clock, UntrustedClockError } from "../ports/clock.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import { TenantEndedError } from "../ports/tenant_ended_error.ts";
import {
  type TokenLedgerStore,
  UnreadableLedgerError,
} from "../ports/tokens/token_ledger_store.ts";
import type { ReminderChange } from "../ports/tokens/token_reservation_store.ts";
import type { AppendToLedger, LedgerDecision } from "./append_to_ledger.ts";
import type { ExpireReservations } from "./expire_reservations.ts";
import type { TokensSource } from "./grant_monthly_tokens.ts";

/** The dependencies of spending. */
export interface SpendingDependencies {
  readonly ledger: TokenLedgerStore;
  readonly appendToLedger: AppendToLedger;
  readonly currentTokens: TokensSource;
  readonly expireReservations: ExpireReservations;
  readonly accounts: Pick<AccountStore, "find">;
  readonly clock: Clock;
}

/** An attempt to spend. */
export interface SpendingAttempt {
  readonly tenantId: string;
  /** Key of the ledger's entry. */
  readonly entryKey: string;
  readonly now: Date;
  /** Returns the entry to append, or why there can be none. */
  readonly entryAfter: (last: LedgerEntry | undefined) => UnsealedEntry | SpendingRefusal;
  /** What becomes of a reminder with the entry. */
  readonly reminder?: (entry: UnsealedEntry) => ReminderChange;
  /** Whether an existing entry under the key records the same request. */
  readonly isSame: (recorded: LedgerEntry) => boolean;
}

/** The outcome of an attempt to spend. */
export type SpendingOutcome =
  /** Recorded, now or by an earlier call with this key. */
  | { readonly type: "recorded"; readonly entry: LedgerEntry }
  /** The key belongs to another request (P28). */
  | { readonly type: "key_conflict"; readonly entry: LedgerEntry }
  | { readonly type: "insufficient_tokens"; readonly balance: TokenBalance }
  | { readonly type: "spending_halted" };

interface MonthOver {
  readonly type: "month_over";
}

/**
 * Spends or reserves tokens, once per key. First begins the next month if the last one is over
 * (P26); if the balance is too low, first releases expired reservations (P28). While our clock is
 * not trusted to begin a month, what is left can be spent; a larger request fails instead of being
 * refused. An unreadable entry halts spending, verified or not (P30).
 *
 * @throws {PortError} `UntrustedClockError` if the balance is too low and a new month is due
 */
export async function spendFromLedger(
  dependencies: SpendingDependencies,
  attempt: SpendingAttempt,
): Promise<SpendingOutcome> {
  try {
    return await spend(dependencies, attempt);
  } catch (error) {
    if (error instanceof UnreadableLedgerError) {
      return { type: "spending_halted" };
    }
    throw error;
  }
}

async function spend(
  dependencies: SpendingDependencies,
  attempt: SpendingAttempt,
): Promise<SpendingOutcome> {
  const { tenantId, now } = attempt;
  let granted = false;
  let clockAwaited = false;
  let expired = false;
  for (;;) {
    const outcome = await dependencies.appendToLedger.execute({
      tenantId,
      decide: (last): LedgerDecision<SpendingRefusal | MonthOver> => {
        if (!granted && isMonthOver(last, now)) {
          return { decline: { type: "month_over" } };
        }
        const next = attempt.entryAfter(last);
        return "type" in next
          ? { decline: next }
          : { append: next, reminder: attempt.reminder?.(next) };
      },
    });
    if (outcome.type !== "declined") {
      return answerFor(outcome.entry, attempt);
    }
    const refusal = outcome.answer;
    if (refusal.type === "spending_halted") {
      const account = await dependencies.accounts.find(tenantId);
      if (account !== undefined && isEnded(account, dependencies.clock())) {
        throw new TenantEndedError(tenantId);
      }
    }
    if (refusal.type === "month_over") {
      ({ clockAwaited } = await dependencies.currentTokens.execute({ tenantId }));
      granted = true;
      continue;
    }
    const recorded = await dependencies.ledger.find(tenantId, attempt.entryKey);
    if (recorded !== undefined) {
      return answerFor(recorded, attempt);
    }
    const mayReturn = refusal.type === "insufficient_tokens" && refusal.balance.reserved > 0;
    if (!mayReturn || expired) {
      if (clockAwaited && refusal.type === "insufficient_tokens") {
        throw new UntrustedClockError(tenantId);
      }
      return refusal;
    }
    await dependencies.expireReservations.execute({ tenantId });
    expired = true;
  }
}

function answerFor(entry: LedgerEntry, { isSame }: SpendingAttempt): SpendingOutcome {
  return { type: isSame(entry) ? "recorded" : "key_conflict", entry };
}
