import { type BillingAccount, newAccount } from "../domain/billing_account.ts";
import type { Catalog } from "../domain/catalog.ts";
import { type MonthlyAllowance, monthlyAllowance } from "../domain/entitlement.ts";
import {
  balanceOf,
  expireMonthly,
  grantMonthly,
  type LedgerEntry,
  sealEntry,
  type TokenBalance,
} from "../domain/token_ledger.ts";
import type { AccountStore } from "./ports/account_store.ts";
import type { CatalogStore } from "./ports/catalog_store.ts";
import type { Clock } from "./ports/clock.ts";
import { PortError } from "./ports/port_error.ts";
import type { TokenLedgerStore } from "./ports/token_ledger_store.ts";
import { requireCatalog } from "./require_catalog.ts";

const MAX_ATTEMPTS = 50;

/** A tenant's tokens with what they follow from, all read together. */
export interface MonthlyTokens {
  readonly account: BillingAccount;
  readonly catalog: Catalog;
  readonly allowance: MonthlyAllowance;
  readonly balance: TokenBalance;
}

/**
 * Grants the tokens of the month in force, once (P23 to P26). Safe to run at any time and any
 * number of times: by an event, on a read, by a sweep, whichever comes first.
 */
export class GrantMonthlyTokens {
  readonly #accounts: AccountStore;
  readonly #catalog: CatalogStore;
  readonly #ledger: TokenLedgerStore;
  readonly #clock: Clock;
  readonly #graceDays: number;

  constructor(
    ports: {
      accounts: AccountStore;
      catalog: CatalogStore;
      ledger: TokenLedgerStore;
      clock: Clock;
    },
    settings: { graceDays: number },
  ) {
    this.#accounts = ports.accounts;
    this.#catalog = ports.catalog;
    this.#ledger = ports.ledger;
    this.#clock = ports.clock;
    this.#graceDays = settings.graceDays;
  }

  /**
   * The tenant's tokens after the grant.
   *
   * @throws {PortError}
   */
  async execute({ tenantId }: { tenantId: string }): Promise<MonthlyTokens> {
    const catalog = await requireCatalog(this.#catalog);
    let takenKey: string | undefined;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      // The ledger first: whoever appends after this read makes our own append fail, so an account
      // that is older than the last entry can never decide.
      const last = await this.#ledger.last(tenantId);
      const account = (await this.#accounts.find(tenantId)) ?? newAccount(tenantId);
      const now = this.#clock();
      const allowance = monthlyAllowance(account, catalog, { now, graceDays: this.#graceDays });
      const entry = nextEntry(tenantId, { last, allowance, now, takenKey });
      if (entry === undefined) {
        return { account, catalog, allowance, balance: balanceOf(last) };
      }
      const sealed = await sealEntry(entry, last?.hash ?? "");
      const outcome = await this.#ledger.append(sealed);
      if (outcome === "appended") {
        return { account, catalog, allowance, balance: balanceOf(sealed) };
      }
      takenKey = outcome === "key_taken" ? sealed.key : undefined;
    }
    throw new PortError(`Cannot grant tokens to "${tenantId}": too many entries at once`, {
      transient: true,
    });
  }
}

/** `takenKey` is the key of an entry that could not be appended: that fact was recorded before. */
function nextEntry(
  tenantId: string,
  {
    last,
    allowance,
    now,
    takenKey,
  }: {
    last: LedgerEntry | undefined;
    allowance: MonthlyAllowance;
    now: Date;
    takenKey: string | undefined;
  },
) {
  const entry = grantMonthly(tenantId, last, allowance, now);
  return takenKey !== undefined && entry?.key === takenKey && last !== undefined
    ? expireMonthly(last, allowance, now)
    : entry;
}
