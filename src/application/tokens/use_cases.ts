import type { BillingPorts } from "../ports/billing_ports.ts";
import type { AppendableLedger } from "../ports/tokens/token_ledger_store.ts";
import { AdjustTokens } from "./adjust_tokens.ts";
import { AppendToLedger } from "./append_to_ledger.ts";
import { CommitReservation } from "./commit_reservation.ts";
import { ExpireReservations } from "./expire_reservations.ts";
import { GrantMonthlyTokens } from "./grant_monthly_tokens.ts";
import { ReadTokenPeriods } from "./read_token_periods.ts";
import { ReadTokens } from "./read_tokens.ts";
import { ReleaseReservation } from "./release_reservation.ts";
import { ReserveTokens } from "./reserve_tokens.ts";
import { ResumeSpending } from "./resume_spending.ts";
import { SpendTokens } from "./spend_tokens.ts";
import { SweepMonthlyTokens } from "./sweep_monthly_tokens.ts";
import { SyncTokenPacks } from "./sync_token_packs.ts";
import { VerifyLedgers } from "./verify_ledgers.ts";

/** The ports of what keeps ledgers in line with what was paid for. */
export type LedgerPorts = Pick<
  BillingPorts,
  "accounts" | "catalog" | "ledgerTurns" | "packPayments" | "clock" | "isClockTrusted"
> & { readonly ledger: AppendableLedger };

/** What keeps ledgers in line with what was paid for, over any that can be appended to. */
export function ledgerUseCases(ports: LedgerPorts, settings: { graceDays: number }) {
  const appendToLedger = new AppendToLedger(ports);
  return {
    appendToLedger,
    grantMonthlyTokens: new GrantMonthlyTokens({ ...ports, appendToLedger }, settings),
    syncTokenPacks: new SyncTokenPacks({ ...ports, appendToLedger }),
  };
}

/** What grants, spends, reserves, shows and checks AI tokens. */
export function tokenUseCases(ports: BillingPorts, settings: { graceDays: number }) {
  const { appendToLedger, ...granting } = ledgerUseCases(ports, settings);
  const appending = { ...ports, ...granting, appendToLedger };
  const expireReservations = new ExpireReservations(appending);
  const spending = { ...appending, expireReservations };
  return {
    ...granting,
    readTokens: new ReadTokens(spending),
    readTokenPeriods: new ReadTokenPeriods(spending),
    spendTokens: new SpendTokens(spending),
    reserveTokens: new ReserveTokens(spending),
    commitReservation: new CommitReservation(appending),
    releaseReservation: new ReleaseReservation(appending),
    expireReservations,
    sweepMonthlyTokens: new SweepMonthlyTokens(appending),
    verifyLedgers: new VerifyLedgers(appending),
    adjustTokens: new AdjustTokens(appending),
    resumeSpending: new ResumeSpending(appending),
  };
}

/** The use cases of AI tokens. */
export type TokenUseCases = ReturnType<typeof tokenUseCases>;
