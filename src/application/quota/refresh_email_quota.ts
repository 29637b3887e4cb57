import type { Catalog } from "../../domain/catalog/catalog.ts";
import {
  type DecideEmailMonths,
  decideEmailMonths,
  keepEmailMonths,
} from "../../domain/quota/email_months.ts";
import type { EmailUsage, QuotaBasis } from "../../domain/quota/email_quota.ts";
import { accountEntitlement, monthLook } from "../../domain/quota/month_look.ts";
import { currentMonth } from "../../domain/quota/usage_months.ts";
import { type BillingAccount, newAccount } from "../../domain/subscription/billing_account.ts";
import type { Entitlement } from "../../domain/subscription/entitlement.ts";
import { isLookDue } from "../../domain/subscription/look_due.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import { coalesce } from "../coalesce.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import { type Clock, type IsClockTrusted, UntrustedClockError } from "../ports/clock.ts";
import type { Announce } from "../ports/notifications/announce.ts";
import { PortError } from "../ports/port_error.ts";
import type { EmailUsageStore } from "../ports/quota/email_usage_store.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import { UnchangedAccounts } from "./unchanged_accounts.ts";

const MAX_ATTEMPTS = 20;

/** A tenant's quota in force with what it follows from, all read together. */
export interface RefreshedQuota {
  readonly account: BillingAccount;
  readonly catalog: Catalog;
  readonly usage: EmailUsage;
}

/** A quota to decide. */
export interface RefreshEmailQuotaCommand {
  readonly tenantId: string;
  /** The facts of a look at the payment provider that has just been saved. */
  readonly known?: LookedFacts | undefined;
}

/** The facts of a look, and the account that it has replaced. */
export interface LookedFacts extends Pick<RefreshedQuota, "account" | "catalog"> {
  readonly before: BillingAccount;
}

/** Where tenants' quotas are read, decided anew. */
export interface QuotaSource {
  /** @throws {PortError} */
  execute(command: { tenantId: string }): Promise<RefreshedQuota>;
}

/** What `RefreshEmailQuota` needs. */
export interface RefreshEmailQuotaPorts {
  readonly accounts: Pick<AccountStore, "find">;
  readonly catalog: CatalogStore;
  readonly usage: EmailUsageStore;
  readonly clock: Clock;
  readonly isClockTrusted: IsClockTrusted;
  readonly announce?: Announce;
}

/** The facts of a decision. */
interface Facts extends Pick<RefreshedQuota, "account" | "catalog"> {
  readonly now: Date;
  readonly entitled: Entitlement;
  /** Whether somebody waits for a decision that holds for a while. */
  readonly renew: boolean;
}

/** Where a newer account than the one read has decided, its reader has to be shown that one. */
function isOfThatAccount({ account, usage }: RefreshedQuota): boolean {
  return usage.accountRevision <= account.revision;
}

/**
 * Decides a tenant's quota anew from its account and the catalogue (P33), and takes back what
 * processes that died have reserved. Safe to run at any time and any number of times; calls for
 * one tenant that come together share a run, so a tenant that is refused in a loop costs little.
 * While our clock is not trusted the month in force goes on, as far as it goes by that clock;
 * before the first look at a tenant of an older release it stays what it is.
 */
export class RefreshEmailQuota {
  readonly #ports: RefreshEmailQuotaPorts;
  readonly #settings: { readonly graceDays: number; readonly quotaMaxAgeSeconds: number };
  readonly #unchanged = new UnchangedAccounts();
  readonly #refresh = coalesce((tenantId, known?: LookedFacts) =>
    known === undefined
      ? this.#refreshNow(tenantId, { waits: false })
      : this.#followLook(tenantId, known),
  );
  readonly #refreshUnlessLookDue = coalesce((tenantId) =>
    this.#refreshNow(tenantId, { waits: true }),
  );

  /**
   * @param settings `quotaMaxAgeSeconds`: after how long a decision is taken anew when nothing else
   *   demands it; a changed catalogue takes effect within that time
   */
  constructor(
    ports: RefreshEmailQuotaPorts,
    settings: { graceDays: number; quotaMaxAgeSeconds: number },
  ) {
    this.#ports = ports;
    this.#settings = settings;
  }

  /**
   * The tenant's quota, decided on facts that were read after this call, or on those of a look.
   *
   * @throws {PortError}
   */
  execute({ tenantId, known }: RefreshEmailQuotaCommand): Promise<RefreshedQuota> {
    return this.#refresh(tenantId, known);
  }

  async #followLook(tenantId: string, known: LookedFacts): Promise<RefreshedQuota> {
    const now = this.#ports.clock();
    this.#unchanged.note(known.before, known.account);
    const { account, catalog } = known;
    const facts = this.#factsOf({ account, catalog, now, renew: false });
    const refreshed = await this.#decide(tenantId, facts);
    return isOfThatAccount(refreshed)
      ? refreshed
      : await this.#refreshNow(tenantId, { waits: false });
  }

  /**
   * Does what `execute` does, but returns `undefined` and decides nothing if a look at the tenant is
   * due first (P37).
   *
   * @throws {PortError}
   */
  unlessLookDue({ tenantId }: { tenantId: string }): Promise<RefreshedQuota | undefined> {
    return this.#refreshUnlessLookDue(tenantId);
  }

  async #refreshNow(tenantId: string, _: { waits: false }): Promise<RefreshedQuota>;
  async #refreshNow(tenantId: string, _: { waits: true }): Promise<RefreshedQuota | undefined>;
  async #refreshNow(tenantId: string, { waits }: { waits: boolean }) {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const facts = await this.#facts(tenantId);
      if (waits && isLookDue(facts.account, facts.entitled.month, facts.now)) {
        return undefined;
      }
      const refreshed = await this.#decide(tenantId, facts);
      if (isOfThatAccount(refreshed)) {
        return refreshed;
      }
    }
    throw new PortError(
      `Cannot refresh the e-mail quota of "${tenantId}": its account is older than its usage`,
      { transient: true },
    );
  }

  async #facts(tenantId: string): Promise<Facts> {
    const now = this.#ports.clock();
    const account = (await this.#ports.accounts.find(tenantId)) ?? newAccount(tenantId);
    const catalog = await requireCatalog(this.#ports.catalog);
    return this.#factsOf({ account, catalog, now, renew: true });
  }

  #factsOf(facts: Omit<Facts, "entitled">): Facts {
    const { account, catalog, now } = facts;
    const { graceDays } = this.#settings;
    return { ...facts, entitled: accountEntitlement(account, catalog, { now, graceDays }) };
  }

  async #decide(tenantId: string, facts: Facts): Promise<RefreshedQuota> {
    const { account, catalog } = facts;
    const { usage } = this.#ports;
    const decide = this.#decision(facts);
    let isNewMonth = false;
    const decideAndNotice: DecideEmailMonths = (before) => {
      const after = decide(before);
      isNewMonth = before?.usage.current !== after.usage.current;
      return after;
    };
    const { now, renew } = facts;
    const record = await usage.refresh(tenantId, decideAndNotice, renew ? now : undefined);
    if (isNewMonth) {
      this.#ports.announce?.({ tenantId });
    }
    return { account, catalog, usage: record };
  }

  #decision({ account, catalog, now, renew, entitled }: Facts): DecideEmailMonths {
    const { quotaMaxAgeSeconds } = this.#settings;
    const look = monthLook(account, entitled, "emails");
    const isUnlooked = account.standing === null && account.customerId !== null;
    const isTrusted = this.#ports.isClockTrusted();
    const unchangedSince = this.#unchanged.since(account);
    const basisUntil = (end: Date | null): QuotaBasis => {
      const oldest = new Date(+now + 1_000 * quotaMaxAgeSeconds);
      const { revision: accountRevision } = account;
      const ends = [end, account.ending?.at].filter((one) => one instanceof Date);
      const validUntil = new Date(Math.min(...[oldest, ...ends].map(Number)));
      return { accountRevision, catalogRevision: catalog.revision, decidedAt: now, validUntil };
    };
    return (before) => {
      if (isUnlooked && before !== undefined) {
        return keepEmailMonths(before, basisUntil(null));
      }
      if (isTrusted) {
        const basis = basisUntil(entitled.changesAt);
        return decideEmailMonths(before, { look, basis, unchangedSince, renew });
      }
      const running = before && currentMonth(before.usage);
      if (before === undefined || running === undefined || running.end <= now) {
        throw new UntrustedClockError(account.tenantId);
      }
      return keepEmailMonths(before, basisUntil(running.end));
    };
  }
}
