import { requireKey, requireReason } from "../../domain/text.ts";
import { requireTokens } from "../../domain/tokens/token_ledger.ts";
import { debitKey, debitTokens } from "../../domain/tokens/token_ledger_spending.ts";
import type { Clock } from "../ports/clock.ts";
import {
  type SpendingDependencies,
  type SpendingOutcome,
  spendFromLedger,
} from "./spend_from_ledger.ts";

/** Tokens to spend. */
export interface SpendTokensCommand {
  readonly tenantId: string;
  /** The caller's name for this use: the same on every repetition. */
  readonly key: string;
  readonly tokens: number;
  readonly reason?: string | undefined;
}

/** Spends tokens at once: monthly tokens first, then packs, never more than the balance (P27). */
export class SpendTokens {
  readonly #dependencies: SpendingDependencies;
  readonly #clock: Clock;

  constructor(dependencies: SpendingDependencies & { clock: Clock }) {
    this.#dependencies = dependencies;
    this.#clock = dependencies.clock;
  }

  /**
   * Returns the same result when repeated (P28).
   *
   * @throws {TypeError} for an invalid key or reason (P46)
   * @throws {RangeError} unless `tokens` is a positive safe integer
   * @throws {PortError}
   */
  async execute(command: SpendTokensCommand): Promise<SpendingOutcome> {
    const { tenantId } = command;
    const key = requireKey(command.key);
    const tokens = requireTokens(command.tokens);
    const reason = requireReason(command.reason);
    const now = this.#clock();
    return await spendFromLedger(this.#dependencies, {
      tenantId,
      entryKey: debitKey(key),
      now,
      entryAfter: (last) => debitTokens(last, { tenantId, key, tokens, reason, now }),
      isSame: (recorded) => recorded.amount === -tokens && recorded.reason === reason,
    });
  }
}
