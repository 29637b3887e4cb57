import type { AdjustTokens } from "./adjust_tokens.ts";
import type { ListTokenPacks } from "./catalog/list_token_packs.ts";
import type { StartPackCheckout } from "./checkout/start_pack_checkout.ts";
import type { CommitReservation } from "./commit_reservation.ts";
import type { ExpireReservations } from "./expire_reservations.ts";
import type { ReadTokenPeriods } from "./read_token_periods.ts";
import type { ReadTokens } from "./read_tokens.ts";
import type { ReleaseReservation } from "./release_reservation.ts";
import type { ReserveTokens } from "./reserve_tokens.ts";
import type { ResumeSpending } from "./resume_spending.ts";
import type { SpendTokens } from "./spend_tokens.ts";
import type { SweepMonthlyTokens } from "./sweep_monthly_tokens.ts";
import type { VerifyLedgers } from "./verify_ledgers.ts";

/** What can be done with AI tokens. */
export interface TokenUseCases {
  readonly listTokenPacks: ListTokenPacks;
  readonly startPackCheckout: StartPackCheckout;
  readonly readTokens: ReadTokens;
  readonly readTokenPeriods: ReadTokenPeriods;
  readonly spendTokens: SpendTokens;
  readonly reserveTokens: ReserveTokens;
  readonly commitReservation: CommitReservation;
  readonly releaseReservation: ReleaseReservation;
  readonly expireReservations: ExpireReservations;
  readonly sweepMonthlyTokens: SweepMonthlyTokens;
  readonly verifyLedgers: VerifyLedgers;
  readonly adjustTokens: AdjustTokens;
  readonly resumeSpending: ResumeSpending;
}
