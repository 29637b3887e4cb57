import { isMonthOver } from "../../domain/tokens/token_months.ts";
import type { Clock } from "../ports/clock.ts";
import type { TokenLedgerStore } from "../ports/tokens/token_ledger_store.ts";
import type { TokensSource } from "./grant_monthly_tokens.ts";

/** The progress of a sweep. */
export interface SweepProgress {
  /** Tenants whose month was over. */
  readonly renewed: number;
  /** The tenant after which to continue; `undefined` at the end. */
  readonly next: string | undefined;
}

/**
 * Grants the tokens of months that have begun unnoticed by events and reads (P26), tenant by
 * tenant, after a look at the payment provider where one is due (P37). Any number of processes may sweep at once.
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
   * Looks at `limit` tenants after `after`; at none once `signal` aborts.
   *
   * @throws {PortError}
   */
  async execute({
    after,
    limit,
    signal,
  }: {
    after?: string | undefined;
    limit: number;
    signal?: AbortSignal;
  }): Promise<SweepProgress> {
    const from = after === undefined ? {} : { after };
    const tenants = await this.#ledger.tenants({ ...from, limit });
    let renewed = 0;
    let seen = after;
    for (const tenantId of tenants) {
      if (signal?.aborted) {
        return { renewed, next: seen };
      }
      if (isMonthOver(await this.#ledger.last(tenantId), this.#clock())) {
        await this.#currentTokens.execute({ tenantId });
        renewed += 1;
      }
      seen = tenantId;
    }
    return { renewed, next: tenants.length < limit ? undefined : seen };
  }
}
