import { AdjustTokens } from "./application/adjust_tokens.ts";
import type { AppendToLedger } from "./application/append_to_ledger.ts";
import { CommitReservation } from "./application/commit_reservation.ts";
import { ExpireReservations } from "./application/expire_reservations.ts";
import type { GrantMonthlyTokens } from "./application/grant_monthly_tokens.ts";
import { ListTokenPacks } from "./application/list_token_packs.ts";
import type { AccountStore } from "./application/ports/account_store.ts";
import type { CatalogStore } from "./application/ports/catalog_store.ts";
import type { Clock } from "./application/ports/clock.ts";
import type { TokenLedgerStore } from "./application/ports/token_ledger_store.ts";
import type { TokenPackPayments } from "./application/ports/token_pack_payments.ts";
import type { TokenReservationStore } from "./application/ports/token_reservation_store.ts";
import type { ProvideCustomer } from "./application/provide_customer.ts";
import { ReadTokenPeriods } from "./application/read_token_periods.ts";
import { ReadTokens } from "./application/read_tokens.ts";
import { ReleaseReservation } from "./application/release_reservation.ts";
import { ReserveTokens } from "./application/reserve_tokens.ts";
import { ResumeSpending } from "./application/resume_spending.ts";
import { SpendTokens } from "./application/spend_tokens.ts";
import { StartPackCheckout } from "./application/start_pack_checkout.ts";
import { SweepMonthlyTokens } from "./application/sweep_monthly_tokens.ts";
import { SyncTokenPacks } from "./application/sync_token_packs.ts";
import type { TokenUseCases } from "./application/token_use_cases.ts";
import { VerifyLedgers } from "./application/verify_ledgers.ts";
import type { RedirectPolicy } from "./domain/redirect_url.ts";

/** What the use cases of AI tokens are wired to. */
export interface TokenDependencies {
  readonly accounts: AccountStore;
  readonly catalog: CatalogStore;
  readonly packPayments: TokenPackPayments;
  readonly provideCustomer: ProvideCustomer;
  readonly ledger: TokenLedgerStore;
  readonly reservations: TokenReservationStore;
  readonly appendToLedger: AppendToLedger;
  readonly grantMonthlyTokens: GrantMonthlyTokens;
  readonly clock: Clock;
  readonly settings: { readonly redirects: RedirectPolicy };
}

/** Wires the use cases of AI tokens. */
export function wireTokens(dependencies: TokenDependencies): TokenUseCases {
  const expireReservations = new ExpireReservations(dependencies);
  const ports = { ...dependencies, expireReservations };
  return {
    listTokenPacks: new ListTokenPacks(ports),
    startPackCheckout: new StartPackCheckout(ports, dependencies.settings),
    syncTokenPacks: new SyncTokenPacks(ports),
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
