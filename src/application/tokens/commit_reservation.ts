import { requireKey } from "../../domain/text.ts";
import { requireTokens } from "../../domain/tokens/token_ledger.ts";
import { type SettleOutcome, type SettlingDependencies, settleOnce } from "./settle_reservation.ts";

/** The actual cost of what tokens were reserved for. */
export interface CommitReservationCommand {
  readonly tenantId: string;
  /** The reservation's. */
  readonly key: string;
  readonly tokens: number;
}

/** Ends a reservation whose tokens were used, all or in part; the others come back (P28). */
export class CommitReservation {
  readonly #dependencies: SettlingDependencies;

  constructor(dependencies: SettlingDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Repeating a call answers what the first one did.
   *
   * @throws {TypeError} for a key that can be none (P46)
   * @throws {RangeError} unless `tokens` is a positive safe integer
   * @throws {PortError}
   */
  async execute(command: CommitReservationCommand): Promise<SettleOutcome> {
    const { tenantId } = command;
    const key = requireKey(command.key);
    const used = requireTokens(command.tokens);
    return await settleOnce(this.#dependencies, { tenantId, key, used, reason: null });
  }
}
