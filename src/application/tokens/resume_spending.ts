import { haltSpending } from "../../domain/tokens/token_ledger_adjustment.ts";
import { type OperatorCommand, signedBy } from "../operator_command.ts";
import type { Clock } from "../ports/clock.ts";
import type { AppendToLedger, LedgerDecision } from "./append_to_ledger.ts";

/** Lets a tenant spend again whose ledger was found damaged, once an operator has seen to it. */
export class ResumeSpending {
  readonly #appendToLedger: AppendToLedger;
  readonly #clock: Clock;

  constructor(dependencies: { appendToLedger: AppendToLedger; clock: Clock }) {
    this.#appendToLedger = dependencies.appendToLedger;
    this.#clock = dependencies.clock;
  }

  /**
   * Answers false where spending was not halted. Damage that is older than this is reported by
   * later checks, and halts nothing any more.
   *
   * @throws {TypeError} without a reason or an operator
   * @throws {PortError}
   */
  async execute(command: OperatorCommand): Promise<boolean> {
    const { tenantId } = command;
    const correction = { ...signedBy(command), tenantId, key: crypto.randomUUID() };
    const outcome = await this.#appendToLedger.execute({
      tenantId,
      decide: (last): LedgerDecision<"not_halted"> => {
        const append = haltSpending(last, { ...correction, now: this.#clock() }, false);
        return append === undefined ? { decline: "not_halted" } : { append };
      },
    });
    return outcome.type !== "declined";
  }
}
