import { requireKey, requireReason } from "../../domain/text.ts";
import { requireTokens } from "../../domain/tokens/token_ledger.ts";
import {
  heldTokens,
  reserveKey,
  reserveTokens,
} from "../../domain/tokens/token_ledger_spending.ts";
import type { Clock } from "../ports/clock.ts";
import type { TokenReservationStore } from "../ports/tokens/token_reservation_store.ts";
import {
  type SpendingDependencies,
  type SpendingOutcome,
  spendFromLedger,
} from "./spend_from_ledger.ts";

const DEFAULT_LIFETIME_SECONDS = 600;
/** The longest that a reservation may hold tokens. */
export const MAX_LIFETIME_SECONDS = 86_400;

/** Tokens that are to be set aside before their use. */
export interface ReserveTokensCommand {
  readonly tenantId: string;
  /** The caller's name for the reservation: the same on every repetition, and to end it. */
  readonly key: string;
  /** The most that the use can cost. */
  readonly tokens: number;
  /** After which time it ends by itself; 1 to 86,400, default 600. */
  readonly expiresInSeconds?: number | undefined;
  readonly reason?: string | undefined;
}

/**
 * Sets tokens aside before a use whose cost is not known yet, so that it can be refused before it
 * runs and nobody else spends them meanwhile (P28). Commit what it cost, or release the tokens.
 */
export class ReserveTokens {
  readonly #dependencies: SpendingDependencies;
  readonly #reservations: TokenReservationStore;
  readonly #clock: Clock;

  constructor(
    dependencies: SpendingDependencies & { reservations: TokenReservationStore; clock: Clock },
  ) {
    this.#dependencies = dependencies;
    this.#reservations = dependencies.reservations;
    this.#clock = dependencies.clock;
  }

  /**
   * Repeating a call answers what the first one did, whatever became of the reservation since.
   *
   * @throws {TypeError} for a key or reason that can be none (P46)
   * @throws {RangeError} unless `tokens` is a positive safe integer and the lifetime is allowed
   * @throws {PortError}
   */
  async execute(command: ReserveTokensCommand): Promise<SpendingOutcome> {
    const { tenantId } = command;
    const key = requireKey(command.key);
    const tokens = requireTokens(command.tokens);
    const lifetimeMs = 1_000 * lifetimeSeconds(command.expiresInSeconds);
    const reason = requireReason(command.reason);
    const now = this.#clock();
    const expiresAt = new Date(now.getTime() + lifetimeMs);
    return await spendFromLedger(this.#dependencies, {
      tenantId,
      entryKey: reserveKey(key),
      now,
      entryAfter: async (last) => {
        const next = reserveTokens(last, { tenantId, key, tokens, reason, now, expiresAt });
        if (!("type" in next)) {
          await this.#reservations.keep({ tenantId, key, expiresAt });
        }
        return next;
      },
      isSame: ({ hold, at, reason: recorded }) =>
        hold !== null &&
        heldTokens(hold) === tokens &&
        hold.expiresAt.getTime() - at.getTime() === lifetimeMs &&
        recorded === reason,
    });
  }
}

function lifetimeSeconds(seconds = DEFAULT_LIFETIME_SECONDS): number {
  if (!Number.isSafeInteger(seconds) || seconds < 1 || seconds > MAX_LIFETIME_SECONDS) {
    throw new RangeError(
      `Cannot reserve tokens for ${seconds} seconds: 1 to ${MAX_LIFETIME_SECONDS} are possible`,
    );
  }
  return seconds;
}
