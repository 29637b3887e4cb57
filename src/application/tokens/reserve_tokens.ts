import { requireKey, requireReason } from "../../domain/text.ts";
import { type LedgerEntry, requireTokens } from "../../domain/tokens/token_ledger.ts";
import {
  heldTokens,
  reserveKey,
  reserveTokens,
  settleKey,
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

/** Tokens to set aside before their use. */
export interface ReserveTokensCommand {
  readonly tenantId: string;
  /** The caller's name for the reservation: the same on every repetition, and to end it. */
  readonly key: string;
  /** The most that the use can cost. */
  readonly tokens: number;
  /** Seconds after which it expires; 1 to 86,400, default 600. */
  readonly expiresInSeconds?: number | undefined;
  readonly reason?: string | undefined;
}

/** The outcome of a reservation. */
export type ReserveOutcome =
  | SpendingOutcome
  /** It was released or has expired and is spent: `entry` tells which. */
  | { readonly type: "already_settled"; readonly entry: LedgerEntry };

/**
 * Reserves tokens before a use whose cost is not known yet: the use can be refused before it runs,
 * and nobody else spends the tokens meanwhile (P28). Afterwards, commit the actual cost or release
 * the tokens.
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
   * Returns the same result when repeated, or that the reservation was released or has expired. A
   * committed reservation keeps its first result.
   *
   * @throws {TypeError} for an invalid key or reason (P46)
   * @throws {RangeError} unless `tokens` is a positive safe integer and the lifetime is allowed
   * @throws {PortError}
   */
  async execute(command: ReserveTokensCommand): Promise<ReserveOutcome> {
    const { tenantId } = command;
    const key = requireKey(command.key);
    const tokens = requireTokens(command.tokens);
    const lifetimeMs = 1_000 * lifetimeSeconds(command.expiresInSeconds);
    const reason = requireReason(command.reason);
    const now = this.#clock();
    const expiresAt = new Date(now.getTime() + lifetimeMs);
    let seen = Number.POSITIVE_INFINITY;
    let kept = false;
    const outcome = await spendFromLedger(this.#dependencies, {
      tenantId,
      entryKey: reserveKey(key),
      now,
      entryAfter: (last) => {
        seen = last?.seq ?? 0;
        return reserveTokens(last, { tenantId, key, tokens, reason, now, expiresAt });
      },
      reminder: ({ seq }) => {
        kept = true;
        return { type: "keep", reminder: { tenantId, key, expiresAt, seq } };
      },
      isSame: ({ hold, at, reason: recorded }) =>
        hold !== null &&
        heldTokens(hold) === tokens &&
        hold.expiresAt.getTime() - at.getTime() === lifetimeMs &&
        recorded === reason,
    });
    if (!("entry" in outcome)) {
      if (kept) {
        await this.#reservations.dropFailed(tenantId, key, seen);
      }
      return outcome;
    }
    return outcome.entry.seq > seen ? outcome : await this.#repeated(outcome, { key, kept, seen });
  }

  /** Keeps the reminder of its expiry again, unless it was released. */
  async #repeated(
    outcome: Extract<SpendingOutcome, { readonly entry: LedgerEntry }>,
    { key, kept, seen }: { key: string; kept: boolean; seen: number },
  ): Promise<ReserveOutcome> {
    const { tenantId, hold } = outcome.entry;
    const end = await this.#dependencies.ledger.find(tenantId, settleKey(key));
    if (kept && end !== undefined) {
      await this.#reservations.drop(tenantId, key);
    } else if (kept && hold !== null) {
      const { expiresAt } = hold;
      await this.#reservations.keep({ tenantId, key, expiresAt, seq: seen + 1 });
    }
    return outcome.type === "recorded" && end?.kind === "release"
      ? { type: "already_settled", entry: end }
      : outcome;
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
