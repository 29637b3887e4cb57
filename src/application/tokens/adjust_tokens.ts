import type { LedgerEntry, TokenBalance } from "../../domain/tokens/token_ledger.ts";
import { adjustTokens } from "../../domain/tokens/token_ledger_adjustment.ts";
import { type OperatorCommand, signedBy } from "../operator_command.ts";
import type { Clock } from "../ports/clock.ts";
import type { AppendToLedger, LedgerDecision } from "./append_to_ledger.ts";

/** The outcome of a correction. */
export type AdjustTokensOutcome =
  | { readonly type: "adjusted"; readonly entry: LedgerEntry }
  /** There are fewer tokens than should be taken. */
  | { readonly type: "insufficient_tokens"; readonly balance: TokenBalance };

/** Corrects a tenant's balance on behalf of an operator, who is named in the ledger. */
export class AdjustTokens {
  readonly #appendToLedger: AppendToLedger;
  readonly #clock: Clock;

  constructor(dependencies: { appendToLedger: AppendToLedger; clock: Clock }) {
    this.#appendToLedger = dependencies.appendToLedger;
    this.#clock = dependencies.clock;
  }

  /**
   * Every call is a correction of its own.
   *
   * @param command `tokens` are given, or taken where negative
   * @throws {RangeError} for 0, for what is no safe integer, and for a balance that would be none
   * @throws {TypeError} without a reason or an operator
   * @throws {PortError}
   */
  async execute(command: OperatorCommand & { tokens: number }): Promise<AdjustTokensOutcome> {
    const { tenantId, tokens } = command;
    if (!Number.isSafeInteger(tokens) || tokens === 0) {
      throw new RangeError(`Cannot adjust by ${tokens} tokens: a safe integer but 0 is needed`);
    }
    const correction = { ...signedBy(command), tenantId, key: crypto.randomUUID() };
    const outcome = await this.#appendToLedger.execute({
      tenantId,
      decide: (last): LedgerDecision<TokenBalance> => {
        const next = adjustTokens(last, { ...correction, now: this.#clock() }, tokens);
        return "type" in next ? { decline: next.balance } : { append: next };
      },
    });
    return outcome.type === "declined"
      ? { type: "insufficient_tokens", balance: outcome.answer }
      : { type: "adjusted", entry: outcome.entry };
  }
}
