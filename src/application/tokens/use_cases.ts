import type { PaperworkSettings } from "../../domain/catalog/paperwork.ts";
import type { BillingPorts } from "../ports/billing_ports.ts";
import type { AppendableLedger } from "../ports/tokens/token_ledger_store.ts";
import { AdjustTokens } from "./adjust_tokens.ts";
import { AppendToLedger } from "./append_to_ledger.ts";
import { CommitReservation } from "./commit_reservation.ts";
import { ExpireReservations } from "./expire_reservations.ts";
import { GrantMonthlyTokens, type TokensSource } from "./grant_monthly_tokens.ts";
import type { NameOne } from "./name_made_good.ts";
import { ReadTokenPeriods } from "./read_token_periods.ts";
import { ReadTokens } from "./read_tokens.ts";
import { ReleaseReservation } from "./release_reservation.ts";
import { ReserveTokens } from "./reserve_tokens.ts";
import { type NameLedgerAttention, ResumeSpending } from "./resume_spending.ts";
import { SpendTokens } from "./spend_tokens.ts";
import { SweepMonthlyTokens } from "./sweep_monthly_tokens.ts";
import { SyncTokenPacks } from "./sync_token_packs.ts";
import { ChangeAutoTopUp, ReadAutoTopUp } from "./top_ups/auto_top_up.ts";
import { BeginTopUp } from "./top_ups/begin_top_up.ts";
import { ContinueTopUps } from "./top_ups/continue_top_ups.ts";
import { SweepTopUps } from "./top_ups/sweep_top_ups.ts";
import { VerifyLedgers } from "./verify_ledgers.ts";

/** The ports for keeping ledgers in line with payments. */
export type LedgerPorts = Pick<
  BillingPorts,
  | "accounts"
  | "catalog"
  | "ledgerTurns"
  | "ledgerKeys"
  | "followHead"
  | "packPayments"
  | "payments"
  | "reservations"
  | "topUps"
  | "clock"
  | "isClockTrusted"
> &
  Partial<Pick<BillingPorts, "announce">> & {
    readonly ledger: AppendableLedger;
    readonly nameAttention: NameOne;
  };

/** Creates the use cases that keep ledgers in line with payments, over any appendable ledger. */
export function ledgerUseCases(ports: LedgerPorts, settings: { graceDays: number }) {
  const appendToLedger = new AppendToLedger(ports);
  return {
    appendToLedger,
    grantMonthlyTokens: new GrantMonthlyTokens({ ...ports, appendToLedger }, settings),
    syncTokenPacks: new SyncTokenPacks({ ...ports, appendToLedger }),
  };
}

/** Creates the use cases that spend, reserve, show and check AI tokens. */
export function tokenUseCases(
  ports: BillingPorts &
    ReturnType<typeof ledgerUseCases> & {
      readonly currentTokens: TokensSource;
      readonly nameAttention: NameLedgerAttention;
    },
  settings: PaperworkSettings,
) {
  const expireReservations = new ExpireReservations(ports);
  const spending = { ...ports, expireReservations };
  const beginTopUp = new BeginTopUp(ports);
  const toppingUp = { ...ports, beginTopUp };
  return {
    readTokens: new ReadTokens(spending),
    readTokenPeriods: new ReadTokenPeriods(spending),
    spendTokens: new SpendTokens(spending),
    reserveTokens: new ReserveTokens(spending),
    commitReservation: new CommitReservation(ports),
    releaseReservation: new ReleaseReservation(ports),
    expireReservations,
    sweepMonthlyTokens: new SweepMonthlyTokens(ports),
    readAutoTopUp: new ReadAutoTopUp(ports),
    changeAutoTopUp: new ChangeAutoTopUp(toppingUp),
    beginTopUp,
    continueTopUps: new ContinueTopUps(toppingUp, settings),
    sweepTopUps: new SweepTopUps(toppingUp),
    verifyLedgers: new VerifyLedgers(ports),
    adjustTokens: new AdjustTokens(ports),
    resumeSpending: new ResumeSpending(ports),
  };
}
