import type { LedgerEntry } from "../../domain/tokens/token_ledger.ts";
import { type TokenPeriod, tokenPeriods } from "../../domain/tokens/token_periods.ts";
import type { TokenLedgerStore } from "../ports/tokens/token_ledger_store.ts";
import type { TokensSource } from "./grant_monthly_tokens.ts";

const PAGE = 50;
/** Months with more packs and corrections than this allows show fewer months. */
const MAX_SUPPLIES = 500;

/** Summarises a tenant's AI tokens month by month, at a cost that does not grow with their use. */
export class ReadTokenPeriods {
  readonly #ledger: TokenLedgerStore;
  readonly #currentTokens: TokensSource;

  constructor(dependencies: { ledger: TokenLedgerStore; currentTokens: TokensSource }) {
    this.#ledger = dependencies.ledger;
    this.#currentTokens = dependencies.currentTokens;
  }

  /**
   * At most `limit` months, the current one first. Begins the current month if nothing has yet
   * (P26).
   *
   * @throws {PortError}
   */
  async execute({
    tenantId,
    limit,
  }: {
    tenantId: string;
    limit: number;
  }): Promise<readonly TokenPeriod[]> {
    await this.#currentTokens.execute({ tenantId });
    const last = await this.#ledger.last(tenantId);
    return last === undefined ? [] : (await this.#complete(last, limit)).slice(0, limit);
  }

  async #complete(last: LedgerEntry, limit: number): Promise<readonly TokenPeriod[]> {
    const supplies: LedgerEntry[] = [];
    let before = last.seq + 1;
    for (;;) {
      const page = await this.#ledger.listSupplies(last.tenantId, { before, limit: PAGE });
      supplies.push(...page);
      const periods = tokenPeriods(last, supplies);
      if (page.length < PAGE) {
        return periods;
      }
      if (periods.length > limit || supplies.length >= MAX_SUPPLIES) {
        return periods.slice(0, -1);
      }
      before = supplies.at(-1)?.seq ?? 0;
    }
  }
}
