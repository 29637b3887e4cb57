import type { Catalog } from "../../domain/catalog/catalog.ts";
import { type BillingAccount, newAccount } from "../../domain/subscription/billing_account.ts";
import { type MonthlyAllowance, monthlyAllowance } from "../../domain/subscription/entitlement.ts";
import {
  balanceOf,
  type LedgerEntry,
  type TokenBalance,
} from "../../domain/tokens/token_ledger.ts";
import { expireMonthly, grantMonthly } from "../../domain/tokens/token_ledger_monthly.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import type { Clock, IsClockTrusted } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { AppendToLedger, LedgerDecision } from "./append_to_ledger.ts";

/** How often one call may find that the month was granted before. */
const MAX_ATTEMPTS = 5;

/** A tenant's tokens with what they follow from, all read together. */
export interface MonthlyTokens {
  readonly account: BillingAccount;
  readonly catalog: Catalog;
  readonly allowance: MonthlyAllowance;
  readonly balance: TokenBalance;
}

/**
 * Grants the tokens of the month in force, once (P23 to P26). Safe to run at any time and any
 * number of times: by an event, on a read, by a sweep, whichever comes first. While the clock is
 * not trusted no month is begun or ended: the balance stays as it is.
 */
export class GrantMonthlyTokens {
  readonly #accounts: AccountStore;
  readonly #catalog: CatalogStore;
  readonly #appendToLedger: AppendToLedger;
  readonly #clock: Clock;
  readonly #isClockTrusted: IsClockTrusted;
  readonly #graceDays: number;

  constructor(
    dependencies: {
      accounts: AccountStore;
      catalog: CatalogStore;
      appendToLedger: AppendToLedger;
      clock: Clock;
      isClockTrusted: IsClockTrusted;
    },
    settings: { graceDays: number },
  ) {
    this.#accounts = dependencies.accounts;
    this.#catalog = dependencies.catalog;
    this.#appendToLedger = dependencies.appendToLedger;
    this.#clock = dependencies.clock;
    this.#isClockTrusted = dependencies.isClockTrusted;
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
      const seen: { look?: Pick<MonthlyTokens, "account" | "allowance"> } = {};
      const outcome = await this.#appendToLedger.execute({
        tenantId,
        // The account is read after the last entry: whoever appends after that makes our append
        // fail, so an account that is older than the last entry can never decide.
        decide: async (last): Promise<LedgerDecision<"granted">> => {
          const account = (await this.#accounts.find(tenantId)) ?? newAccount(tenantId);
          const now = this.#clock();
          const allowance = monthlyAllowance(account, catalog, { now, graceDays: this.#graceDays });
          seen.look = { account, allowance };
          const append = this.#isClockTrusted()
            ? grantOf(tenantId, { last, allowance, now, takenKey })
            : undefined;
          return append === undefined ? { decline: "granted" } : { append };
        },
      });
      if (outcome.type === "recorded") {
        takenKey = outcome.entry.key;
      } else if (seen.look !== undefined) {
        const entry = outcome.type === "appended" ? outcome.entry : outcome.last;
        return { ...seen.look, catalog, balance: balanceOf(entry) };
      }
    }
    throw new PortError(`Cannot grant tokens to "${tenantId}": its account keeps changing`, {
      transient: true,
    });
  }
}

/** `takenKey` is the key of an entry that could not be appended: that fact was recorded before. */
function grantOf(
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
