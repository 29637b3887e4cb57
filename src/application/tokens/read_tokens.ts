import {
  availableTokens,
  type LedgerEntry,
  type TokenBalance,
} from "../../domain/tokens/token_ledger.ts";
import type { TokenLedgerStore } from "../ports/tokens/token_ledger_store.ts";
import type { ExpireReservations } from "./expire_reservations.ts";
import type { TokensSource } from "./grant_monthly_tokens.ts";

/** A tenant's tokens, and a page of the ledger they follow from. */
export interface TokensView {
  readonly balance: TokenBalance & { readonly available: number; readonly monthlyExpiresAt: Date };
  /** Newest first. */
  readonly entries: readonly LedgerEntry[];
  /** Where the next page begins: entries before this `seq`; `null` after the last page. */
  readonly nextBefore: number | null;
}

/**
 * Reads a tenant's tokens. A month that has begun unnoticed is granted on the way (P26), and
 * reservations that have expired are released (P28).
 */
export class ReadTokens {
  readonly #ledger: TokenLedgerStore;
  readonly #currentTokens: TokensSource;
  readonly #expireReservations: ExpireReservations;

  constructor(dependencies: {
    ledger: TokenLedgerStore;
    currentTokens: TokensSource;
    expireReservations: ExpireReservations;
  }) {
    this.#ledger = dependencies.ledger;
    this.#currentTokens = dependencies.currentTokens;
    this.#expireReservations = dependencies.expireReservations;
  }

  /**
   * @param page entries with `seq < before`, at most `limit`
   * @throws {PortError}
   */
  async execute({
    tenantId,
    before,
    limit,
  }: {
    tenantId: string;
    before?: number | undefined;
    limit: number;
  }): Promise<TokensView> {
    const { balance, month, entitled } = await this.#current(tenantId);
    const from = before === undefined ? {} : { before };
    const found = await this.#ledger.list(tenantId, { ...from, limit: limit + 1 });
    const entries = found.slice(0, limit);
    return {
      balance: {
        ...balance,
        available: availableTokens(balance),
        monthlyExpiresAt: (month ?? entitled.month).end,
      },
      entries,
      nextBefore: found.length > limit ? (entries.at(-1)?.seq ?? null) : null,
    };
  }

  async #current(tenantId: string) {
    const tokens = await this.#currentTokens.execute({ tenantId });
    const released =
      tokens.balance.reserved > 0 ? await this.#expireReservations.execute({ tenantId }) : 0;
    return released > 0 ? await this.#currentTokens.execute({ tenantId }) : tokens;
  }
}
