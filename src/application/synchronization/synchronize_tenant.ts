import type { Catalog } from "../../domain/catalog/catalog.ts";
import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import type { DuplicateSubscription } from "../../domain/subscription/current_subscription.ts";
import type { CustomerSnapshot } from "../../domain/subscription/customer_snapshot.ts";
import { LOOK_KINDS, lookFindings } from "../../domain/subscription/look_findings.ts";
import type { LookedAt } from "../../domain/subscription/looked_at.ts";
import { duplicatesOf, synchronizeAccount } from "../../domain/subscription/synchronize_account.ts";
import type { NameAttentionCommand } from "../attention/name_attention.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import { coalesce } from "../coalesce.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import type { Clock } from "../ports/clock.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { CustomerSnapshots } from "../ports/subscription/customer_snapshots.ts";
import { updateAccount } from "../subscription/update_account.ts";
import type { GrantMonthlyTokens } from "../tokens/grant_monthly_tokens.ts";
import type { SyncTokenPacks } from "../tokens/sync_token_packs.ts";
import type { EndDuplicates } from "./end_duplicates.ts";
import type { FollowReversals } from "./follow_reversals.ts";

/** A request to look at a tenant. */
export interface SynchronizeTenantCommand {
  readonly tenantId: string;
  /** Whether to look at the tenant's token packs. Default: true. */
  readonly packs?: boolean;
  /**
   * Whether to look at refunds and disputes of its subscription payments, which takes further
   * calls. Default: only if an item about one is open.
   */
  readonly reversals?: boolean;
}

/** The dependencies of `SynchronizeTenant`. */
export interface SynchronizeTenantDependencies {
  readonly accounts: AccountStore;
  readonly catalog: CatalogStore;
  readonly snapshots: CustomerSnapshots;
  readonly syncTokenPacks: SyncTokenPacks;
  readonly grantMonthlyTokens: GrantMonthlyTokens;
  readonly refreshEmailQuota: { execute(command: { tenantId: string }): Promise<unknown> };
  readonly endDuplicates: EndDuplicates;
  readonly followReversals: FollowReversals;
  readonly nameAttention: { execute(command: NameAttentionCommand): Promise<unknown> };
  readonly clock: Clock;
}

/** A look and its findings. */
interface Look {
  readonly customerId: string;
  readonly snapshot: CustomerSnapshot;
  readonly catalog: Catalog;
  /** Live duplicates of the current subscription, to report only. */
  readonly reported: readonly DuplicateSubscription[];
}

/**
 * Brings everything about a tenant in line with the payment provider (P09, P15, P37): looks,
 * decides, saves the account, and then updates what depends on it: the ledger, the quota, double
 * payments and attention items. Everything that causes a look runs this. Safe to run at any time,
 * any number of times, in any number of processes: the revision decides who may save, and whoever
 * loses looks again (P10). Saves every look, even one that changed nothing, because that
 * invalidates all slower looks that began before it. The next look completes a step that a crash
 * cut off.
 */
export class SynchronizeTenant {
  readonly #dependencies: SynchronizeTenantDependencies;
  readonly #settings: { readonly graceDays: number; readonly refundDuplicates: boolean };
  readonly #look = coalesce((tenantId) => this.#lookAndFollow(tenantId, false));
  readonly #lookAtReversals = coalesce((tenantId) => this.#lookAndFollow(tenantId, true));

  constructor(
    dependencies: SynchronizeTenantDependencies,
    settings: { graceDays: number; refundDuplicates: boolean },
  ) {
    this.#dependencies = dependencies;
    this.#settings = settings;
  }

  /** @throws {PortError} */
  async execute({
    tenantId,
    packs = true,
    reversals = false,
  }: SynchronizeTenantCommand): Promise<void> {
    if (packs) {
      await this.#dependencies.syncTokenPacks.execute({ tenantId });
    }
    await (reversals ? this.#lookAtReversals(tenantId) : this.#look(tenantId));
  }

  /**
   * Returns the account after a look at the subscription that began after this call; the account as
   * it is if the tenant has no customer at the payment provider.
   *
   * @throws {PortError}
   */
  async look({ tenantId }: { tenantId: string }): Promise<BillingAccount> {
    return (await this.#look(tenantId)).account;
  }

  /**
   * Looks as `look` does, and also returns what the look has seen.
   *
   * @throws {PortError}
   */
  lookClosely({ tenantId }: { tenantId: string }): Promise<LookedAt> {
    return this.#look(tenantId);
  }

  async #lookAndFollow(tenantId: string, reversals: boolean): Promise<LookedAt> {
    const { grantMonthlyTokens, refreshEmailQuota, followReversals } = this.#dependencies;
    const { account, look } = await this.#lookAndSave(tenantId);
    await grantMonthlyTokens.execute({ tenantId });
    await refreshEmailQuota.execute({ tenantId });
    if (look === undefined) {
      return { account, snapshot: null };
    }
    await this.#followUp(account, look);
    const { ended } = await followReversals.execute({ account, ...look, wanted: reversals });
    const { snapshot } = look;
    return ended ? await this.#lookAndFollow(tenantId, false) : { account, snapshot };
  }

  async #lookAndSave(tenantId: string): Promise<{ account: BillingAccount; look?: Look }> {
    const { accounts, snapshots, clock, syncTokenPacks } = this.#dependencies;
    const catalog = await requireCatalog(this.#dependencies.catalog);
    const seen: { look?: Look } = {};
    const account = await updateAccount(accounts, tenantId, async (found) => {
      const { customerId } = found;
      if (customerId === null) {
        return undefined;
      }
      const now = clock();
      const snapshot = await snapshots.read(customerId);
      if (snapshot.deleted) {
        // Record its purchases first: once this is saved, nobody can tell whose customer it was.
        await syncTokenPacks.execute({ tenantId });
      }
      const settings = { ...this.#settings, catalog };
      const duplicates = duplicatesOf(found, snapshot, settings);
      const reported = duplicates.filter(({ action }) => action === "report");
      seen.look = { customerId, snapshot, catalog, reported };
      return synchronizeAccount(found, snapshot, { ...settings, now });
    });
    return { account, ...seen };
  }

  async #followUp(account: BillingAccount, look: Look): Promise<void> {
    const { endDuplicates, nameAttention, clock } = this.#dependencies;
    const { tenantId, revision } = account;
    const stuck = await endDuplicates.execute({ account, ...look });
    const duplicates = look.reported;
    const found = lookFindings(account, look.snapshot, { duplicates, now: clock() });
    const looked = LOOK_KINDS;
    await nameAttention.execute({ tenantId, revision, found: [...found, ...stuck], looked });
  }
}
