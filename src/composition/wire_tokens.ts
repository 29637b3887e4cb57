import type { AccountUseCases } from "../application/account_use_cases.ts";
import { ListTokenPacks } from "../application/catalog/list_token_packs.ts";
import { ProvideCustomer } from "../application/checkout/provide_customer.ts";
import { StartPackCheckout } from "../application/checkout/start_pack_checkout.ts";
import type { TokenUseCases } from "../application/token_use_cases.ts";
import { AdjustTokens } from "../application/tokens/adjust_tokens.ts";
import { AppendToLedger } from "../application/tokens/append_to_ledger.ts";
import { CommitReservation } from "../application/tokens/commit_reservation.ts";
import { ExpireReservations } from "../application/tokens/expire_reservations.ts";
import { ReadTokenPeriods } from "../application/tokens/read_token_periods.ts";
import { ReadTokens } from "../application/tokens/read_tokens.ts";
import { ReleaseReservation } from "../application/tokens/release_reservation.ts";
import { ReserveTokens } from "../application/tokens/reserve_tokens.ts";
import { ResumeSpending } from "../application/tokens/resume_spending.ts";
import { SpendTokens } from "../application/tokens/spend_tokens.ts";
import { SweepMonthlyTokens } from "../application/tokens/sweep_monthly_tokens.ts";
import { VerifyLedgers } from "../application/tokens/verify_ledgers.ts";
import type { BillingPorts } from "./billing_ports.ts";

/** What the use cases of AI tokens are wired to. */
export type TokenDependencies = BillingPorts & Pick<AccountUseCases, "grantMonthlyTokens">;

/** Wires the use cases of AI tokens. */
export function wireTokens(dependencies: TokenDependencies): TokenUseCases {
  const provideCustomer = new ProvideCustomer(dependencies);
  const appendToLedger = new AppendToLedger(dependencies);
  const expireReservations = new ExpireReservations({ ...dependencies, appendToLedger });
  const ports = { ...dependencies, provideCustomer, appendToLedger, expireReservations };
  return {
    listTokenPacks: new ListTokenPacks(ports),
    startPackCheckout: new StartPackCheckout(ports, dependencies.settings),
    readTokens: new ReadTokens(ports),
    readTokenPeriods: new ReadTokenPeriods(ports),
    spendTokens: new SpendTokens(ports),
    reserveTokens: new ReserveTokens(ports),
    commitReservation: new CommitReservation(ports),
    releaseReservation: new ReleaseReservation(ports),
    expireReservations,
    sweepMonthlyTokens: new SweepMonthlyTokens(ports),
    verifyLedgers: new VerifyLedgers(ports),
    adjustTokens: new AdjustTokens(ports),
    resumeSpending: new ResumeSpending(ports),
  };
}
