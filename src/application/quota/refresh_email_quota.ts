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
import { beganSinceLook, isLookDue } from "../../domain/subscription/look_due.ts";
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
}

/** A quota to decide after a look at the payment provider that has just been saved. */
export interface FollowLookCommand extends RefreshEmailQuotaCommand {
  readonly known: LookedFacts;
}

/** The facts of a look, and the account that it has replaced. */
export interface LookedFacts extends Pick<RefreshedQuota, "account" | "catalog"> {
  readonly before: BillingAccount;
}

/** Where tenants' quotas are read, decided anew. */
export interface QuotaSource {
  /** @throws {PortError} */
  execute(command: RefreshEmailQuotaCommand): Promise<RefreshedQuota>;
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
  /** Whether this follows a look; otherwise somebody waits for a decision that holds for a while. */
  readonly follows: boolean;
}

/** Where a newer account than the one read has decided, its reader has to be shown that one. */
function isOfThatAccount({ account, usage }: RefreshedQuota): boolean {
  return usage.accountRevision <= account.revision;
}

function isLate({ account, entitled, follows }: Facts): boolean {
  return follows && beganSinceLook(account, entitled.month);
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
  readonly #refresh = coalesce((tenantId) => this.#refreshNow(tenantId, { waits: false }));
  readonly #follow = coalesce((tenantId, known?: LookedFacts) => this.#followNow(tenantId, known));
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
   * The tenant's quota, decided on facts that were read after this call.
   *
   * @throws {PortError}
   */
  execute({ tenantId }: RefreshEmailQuotaCommand): Promise<RefreshedQuota> {
    return this.#refresh(tenantId);
  }

  /**
   * Decides the quota on the facts of a look. This may come so late after the look that another
   * month has begun: no month begins by it then, and the next send looks first (P37).
   *
   * @throws {PortError}
   */
  followLook({ tenantId, known }: FollowLookCommand): Promise<void> {
    this.#unchanged.note(known.before, known.account);
    return this.#follow(tenantId, known);
  }

  async #followNow(tenantId: string, known: LookedFacts | undefined): Promise<void> {
    const facts = await this.#facts(tenantId, { follows: true, known });
    const isLeft = isLate(facts) && (await this.#ports.usage.find(tenantId)) === undefined;
    if (!isLeft) {
      await this.#decide(tenantId, facts);
    }
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
      const facts = await this.#facts(tenantId, { follows: false });
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

  async #facts(
    tenantId: string,
    { follows, known }: { follows: boolean; known?: LookedFacts | undefined },
  ): Promise<Facts> {
    const now = this.#ports.clock();
    const { graceDays } = this.#settings;
    const { accounts } = this.#ports;
    const account = known?.account ?? (await accounts.find(tenantId)) ?? newAccount(tenantId);
    const catalog = known?.catalog ?? (await requireCatalog(this.#ports.catalog));
    const entitled = accountEntitlement(account, catalog, { now, graceDays });
    return { account, catalog, now, entitled, follows };
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
    const { now, follows } = facts;
    const record = await usage.refresh(tenantId, decideAndNotice, follows ? undefined : now);
    if (isNewMonth) {
      this.#ports.announce?.({ tenantId });
    }
    return { account, catalog, usage: record };
  }

  #decision(facts: Facts): DecideEmailMonths {
    const { account, catalog, now, entitled } = facts;
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
      if (before !== undefined && isLate(facts)) {
        return keepEmailMonths(before, basisUntil(now));
      }
      if (before !== undefined && isUnlooked) {
        return keepEmailMonths(before, basisUntil(null));
      }
      if (isTrusted) {
        const basis = basisUntil(entitled.changesAt);
        return decideEmailMonths(before, { look, basis, unchangedSince, renew: !facts.follows });
      }
      const running = before && currentMonth(before.usage);
      if (before === undefined || running === undefined || running.end <= now) {
        throw new UntrustedClockError(account.tenantId);
      }
      return keepEmailMonths(before, basisUntil(running.end));
    };
  }
}
