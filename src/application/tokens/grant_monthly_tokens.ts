import type { Catalog } from "../../domain/catalog/catalog.ts";
import { accountEntitlement, monthLook } from "../../domain/quota/month_look.ts";
import { currentMonth, type UsageMonth } from "../../domain/quota/usage_months.ts";
import {
  type BillingAccount,
  isEnded,
  newAccount,
} from "../../domain/subscription/billing_account.ts";
import type { Entitlement } from "../../domain/subscription/entitlement.ts";
import { beganSinceLook, isLookDue } from "../../domain/subscription/look_due.ts";
import { requireKey } from "../../domain/text.ts";
import { monthsOfLedger } from "../../domain/tokens/earlier_months.ts";
import {
  balanceOf,
  type LedgerEntry,
  type TokenBalance,
} from "../../domain/tokens/token_ledger.ts";
import { haltSpending } from "../../domain/tokens/token_ledger_adjustment.ts";
import { isMonthOver, monthEntry } from "../../domain/tokens/token_months.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import type { Clock, IsClockTrusted } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { AppendableLedger } from "../ports/tokens/token_ledger_store.ts";
import type { AppendToLedger, LedgerDecision } from "./append_to_ledger.ts";
import { type NameOne, nameMadeGood } from "./name_made_good.ts";
import { nextMonthEntry } from "./next_month_entry.ts";

/** More steps than a look can need: the months of several years, each begun or made good. */
const MAX_STEPS = 200;

/** A tenant's tokens and their basis, read together. */
export interface MonthlyTokens {
  readonly account: BillingAccount;
  readonly catalog: Catalog;
  readonly entitled: Entitlement;
  /** The current month; `null` if no month brings any tokens. */
  readonly month: UsageMonth | null;
  readonly balance: TokenBalance;
  /** Whether the month is over and the next one waits for a trusted clock. */
  readonly clockAwaited: boolean;
}

/** How to advance a tenant's months: only where no look is due, or by what was just read. */
interface Advance {
  readonly waits: boolean;
  readonly known?: KnownFacts | undefined;
}

/** What decides a tenant's tokens, apart from its ledger. */
export type KnownFacts = Pick<MonthlyTokens, "account" | "catalog">;

/** Provides tenants' tokens, advanced to the present. */
export interface TokensSource {
  /** @throws {PortError} */
  execute(command: { tenantId: string }): Promise<MonthlyTokens>;
}

/** The dependencies of `GrantMonthlyTokens`. */
export interface GrantMonthlyTokensDependencies {
  readonly accounts: AccountStore;
  readonly catalog: CatalogStore;
  readonly ledger: Pick<AppendableLedger, "find" | "last">;
  readonly appendToLedger: AppendToLedger;
  readonly nameAttention: NameOne;
  readonly clock: Clock;
  readonly isClockTrusted: IsClockTrusted;
}

/**
 * Advances a tenant's token months: begins them once each, tops them up, returns to them, and makes
 * good what passed unnoticed (P23 to P26), with one append per step. Safe to run at any time and
 * any number of times: by an event, a read or a sweep, whichever comes first.
 */
export class GrantMonthlyTokens {
  readonly #dependencies: GrantMonthlyTokensDependencies;
  readonly #graceDays: number;

  constructor(dependencies: GrantMonthlyTokensDependencies, settings: { graceDays: number }) {
    this.#dependencies = dependencies;
    this.#graceDays = settings.graceDays;
  }

  /**
   * Returns the tenant's tokens afterwards. They stay unchanged while our clock is not trusted, and
   * before the first look at a tenant of an older release.
   *
   * @param command.known what the caller has just read. Where nothing is to be appended for it,
   *   nothing is read again.
   * @throws {PortError}
   */
  execute({ tenantId, known }: { tenantId: string; known?: KnownFacts }): Promise<MonthlyTokens> {
    return this.#advance(tenantId, { waits: false, known });
  }

  /**
   * Does what `execute` does, but returns `undefined` and changes nothing if a look at the tenant is
   * due first (P37).
   *
   * @throws {PortError}
   */
  async unlessLookDue({ tenantId }: { tenantId: string }): Promise<MonthlyTokens | undefined> {
    requireKey(tenantId, "tenant's id");
    const last = await this.#dependencies.ledger.last(tenantId);
    const found = await this.#lookAt(await this.#facts(tenantId), last);
    const { account, entitled, next, now } = found;
    if (isLookDue(account, entitled.month, now)) {
      return undefined;
    }
    // Where nothing is to be appended, there is no turn to wait for.
    return next === undefined && !isEnded(account, now)
      ? this.#tokensOf(found, last)
      : await this.#advance(tenantId, { waits: true });
  }

  async #advance(tenantId: string, _: Advance & { waits: false }): Promise<MonthlyTokens>;
  async #advance(tenantId: string, _: Advance): Promise<MonthlyTokens | undefined>;
  async #advance(tenantId: string, { waits, known }: Advance) {
    for (let step = 1; step <= MAX_STEPS; step += 1) {
      const seen: { look?: Omit<MonthlyTokens, "balance" | "clockAwaited">; due?: boolean } = {};
      const outcome = await this.#dependencies.appendToLedger.execute({
        tenantId,
        decide: async (last): Promise<LedgerDecision<"in_line">> => {
          const early = step === 1 && known && (await this.#lookAt(known, last));
          // Read the account after the last entry: if somebody appends after that, our append
          // fails. An account older than the last entry therefore never decides.
          const found =
            early && early.next === undefined
              ? early
              : await this.#lookAt(await this.#facts(tenantId), last);
          const { account, next, now, entitled } = found;
          if (waits && isLookDue(account, entitled.month, now)) {
            seen.due = true;
            return { decline: "in_line" };
          }
          seen.look = found;
          if (isEnded(account, now)) {
            return endSpending(account, last, now);
          }
          // What follows a look may come so late after it that another month has begun.
          if (next === undefined || (known && beganSinceLook(account, entitled.month))) {
            return { decline: "in_line" };
          }
          await nameMadeGood(this.#dependencies, account, next);
          const source =
            entitled.month.subscriptionId && `subscription:${entitled.month.subscriptionId}`;
          return { append: monthEntry(last, next.fact, { tenantId, source, now }) };
        },
      });
      if (seen.due) {
        return undefined;
      }
      if (outcome.type === "declined" && seen.look !== undefined) {
        return this.#tokensOf(seen.look, outcome.last);
      }
    }
    throw new PortError(`Cannot grant tokens to "${tenantId}": its months keep changing`, {
      transient: true,
    });
  }

  #tokensOf(
    { account, catalog, entitled, month }: Omit<MonthlyTokens, "balance" | "clockAwaited">,
    last: LedgerEntry | undefined,
  ): MonthlyTokens {
    const { clock, isClockTrusted } = this.#dependencies;
    const clockAwaited = !isClockTrusted() && isMonthOver(last, clock());
    return { account, catalog, entitled, month, balance: balanceOf(last), clockAwaited };
  }

  async #facts(tenantId: string): Promise<KnownFacts> {
    const found = await this.#dependencies.accounts.find(tenantId);
    const catalog = await requireCatalog(this.#dependencies.catalog);
    return { catalog, account: found ?? newAccount(tenantId) };
  }

  async #lookAt({ account, catalog }: KnownFacts, last: LedgerEntry | undefined) {
    const now = this.#dependencies.clock();
    const entitled = accountEntitlement(account, catalog, { now, graceDays: this.#graceDays });
    const look = monthLook(account, entitled, "tokens");
    const month = currentMonth(monthsOfLedger(last, look)) ?? null;
    const { tenantId } = account;
    const next = this.#mayDecide(account)
      ? await nextMonthEntry(this.#dependencies.ledger, last, { tenantId, look, now })
      : undefined;
    return { account, catalog, entitled, month, next, now };
  }

  #mayDecide({ standing, customerId }: BillingAccount): boolean {
    return (standing !== null || customerId === null) && this.#dependencies.isClockTrusted();
  }
}

/** Halts an ended tenant's spending, once (P44). */
function endSpending(
  { tenantId, ending }: BillingAccount,
  last: LedgerEntry | undefined,
  now: Date,
): LedgerDecision<"in_line"> {
  const key = `ended:${ending?.at.toISOString()}`;
  const end = { tenantId, key, reason: "the tenant has been ended", operator: "ending", now };
  const append = haltSpending(last, end, true);
  return append === undefined ? { decline: "in_line" } : { append };
}
