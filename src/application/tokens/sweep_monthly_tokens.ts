import { isMonthOver } from "../../domain/tokens/token_months.ts";
import type { Clock } from "../ports/clock.ts";
import type { TokenLedgerStore } from "../ports/tokens/token_ledger_store.ts";
import type { GrantMonthlyTokens } from "./grant_monthly_tokens.ts";

/** How far a sweep has come. */
export interface SweepProgress {
  /** Tenants whose month was over. */
  readonly renewed: number;
  /** The tenant to go on after; `undefined` when all were looked at. */
  readonly next: string | undefined;
}

/**
 * Grants the tokens of months that have begun and that neither an event nor a read has noticed
 * (P26), tenant by tenant. Any number of processes may sweep at once.
 */
export class SweepMonthlyTokens {
  readonly #ledger: TokenLedgerStore;
  readonly #grantMonthlyTokens: GrantMonthlyTokens;
  readonly #clock: Clock;

  constructor(dependencies: {
    ledger: TokenLedgerStore;
    grantMonthlyTokens: GrantMonthlyTokens;
    clock: Clock;
  }) {
    this.#ledger = dependencies.ledger;
    this.#grantMonthlyTokens = dependencies.grantMonthlyTokens;
    this.#clock = dependencies.clock;
  }

  /**
   * Looks at `limit` tenants, those after `after`; at none after `signal` is aborted.
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
        await this.#grantMonthlyTokens.execute({ tenantId });
        renewed += 1;
      }
      seen = tenantId;
    }
    return { renewed, next: tenants.length < limit ? undefined : seen };
  }
}
