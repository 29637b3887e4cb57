import { isMonthOver } from "../../domain/tokens/token_months.ts";
import type { Clock } from "../ports/clock.ts";
import type { TokenLedgerStore } from "../ports/tokens/token_ledger_store.ts";
import { type SweepCommand, type SweepProgress, sweepTenants } from "../sweep_tenants.ts";
import type { TokensSource } from "./grant_monthly_tokens.ts";

/**
 * Grants the tokens of months that have begun unnoticed by events and reads (P26), tenant by
 * tenant, after a look at the payment provider where one is due (P37). Any number of processes may
 * sweep at once.
 */
export class SweepMonthlyTokens {
  readonly #ledger: TokenLedgerStore;
  readonly #currentTokens: TokensSource;
  readonly #clock: Clock;

  constructor(dependencies: {
    ledger: TokenLedgerStore;
    currentTokens: TokensSource;
    clock: Clock;
  }) {
    this.#ledger = dependencies.ledger;
    this.#currentTokens = dependencies.currentTokens;
    this.#clock = dependencies.clock;
  }

  /**
   * Looks at the next tenants.
   *
   * @throws {PortError} if they cannot be listed
   */
  async execute(command: SweepCommand): Promise<SweepProgress> {
    const { after, limit } = command;
    const tenants = await this.#ledger.tenants({
      ...(after === undefined ? {} : { after }),
      limit,
    });
    return await sweepTenants(tenants, command, async (tenantId) => {
      if (isMonthOver(await this.#ledger.last(tenantId), this.#clock())) {
        await this.#currentTokens.execute({ tenantId });
      }
    });
  }
}
