import type { ListTokenPacks } from "./catalog/list_token_packs.ts";
import type { StartPackCheckout } from "./checkout/start_pack_checkout.ts";
import type { AdjustTokens } from "./tokens/adjust_tokens.ts";
import type { CommitReservation } from "./tokens/commit_reservation.ts";
import type { ExpireReservations } from "./tokens/expire_reservations.ts";
import type { ReadTokenPeriods } from "./tokens/read_token_periods.ts";
import type { ReadTokens } from "./tokens/read_tokens.ts";
import type { ReleaseReservation } from "./tokens/release_reservation.ts";
import type { ReserveTokens } from "./tokens/reserve_tokens.ts";
import type { ResumeSpending } from "./tokens/resume_spending.ts";
import type { SpendTokens } from "./tokens/spend_tokens.ts";
import type { SweepMonthlyTokens } from "./tokens/sweep_monthly_tokens.ts";
import type { VerifyLedgers } from "./tokens/verify_ledgers.ts";

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
