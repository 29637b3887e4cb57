import type { AttentionItem } from "../../domain/attention/attention_item.ts";
import type { Catalog } from "../../domain/catalog/catalog.ts";
import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import type { DuplicateSubscription } from "../../domain/subscription/current_subscription.ts";
import type { CustomerSnapshot } from "../../domain/subscription/customer_snapshot.ts";
import { resumedSubscriptions } from "../../domain/subscription/ending.ts";
import {
  invoiceItem,
  seenIn,
  UNEXPLAINED_KINDS,
  unexplainedPayments,
  unexplainedSubscriptions,
} from "../../domain/subscription/findings/unexplained.ts";
import { LOOK_KINDS, lookFindings } from "../../domain/subscription/look_findings.ts";
import type { LookedAt } from "../../domain/subscription/looked_at.ts";
import { duplicatesOf, synchronizeAccount } from "../../domain/subscription/synchronize_account.ts";
import type { NameAttentionCommand } from "../attention/name_attention.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import { coalesce } from "../coalesce.ts";
import type { AttentionStore } from "../ports/attention/attention_store.ts";
import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import type { Clock } from "../ports/clock.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { CustomerSnapshots } from "../ports/subscription/customer_snapshots.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";
import type { RefreshEmailQuota } from "../quota/refresh_email_quota.ts";
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
  /** The tenant's account, if the caller has just read it. */
  readonly account?: BillingAccount;
}

/** The dependencies of `SynchronizeTenant`. */
export interface SynchronizeTenantDependencies {
  readonly accounts: AccountStore;
  readonly attention: Pick<AttentionStore, "known">;
  readonly catalog: CatalogStore;
  readonly snapshots: CustomerSnapshots;
  readonly payments: Pick<PaymentGateway, "keptMoney" | "cancelAtPeriodEnd">;
  readonly syncTokenPacks: SyncTokenPacks;
  readonly grantMonthlyTokens: GrantMonthlyTokens;
  readonly refreshEmailQuota: Pick<RefreshEmailQuota, "followLook">;
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
  readonly #look = coalesce((tenantId, account?: BillingAccount) =>
    this.#lookAndFollow(tenantId, { reversals: false, account }),
  );
  readonly #lookAtReversals = coalesce((tenantId, account?: BillingAccount) =>
    this.#lookAndFollow(tenantId, { reversals: true, account }),
  );

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
    account,
  }: SynchronizeTenantCommand): Promise<void> {
    if (packs) {
      await this.#dependencies.syncTokenPacks.execute({ tenantId });
    }
    const look = reversals ? this.#lookAtReversals : this.#look;
    await look(tenantId, packs ? undefined : account);
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

  async #lookAndFollow(
    tenantId: string,
    { reversals, account: known }: { reversals: boolean; account?: BillingAccount | undefined },
  ): Promise<LookedAt> {
    const { grantMonthlyTokens, refreshEmailQuota } = this.#dependencies;
    const { account, before, catalog, look } = await this.#lookAndSave(tenantId, known);
    await grantMonthlyTokens.execute({ tenantId, known: { account, catalog } });
    await refreshEmailQuota.followLook({ tenantId, known: { account, before, catalog } });
    if (look === undefined) {
      return { account, snapshot: null };
    }
    const { ended } = await this.#followUp(account, look, reversals);
    const { snapshot } = look;
    return ended
      ? await this.#lookAndFollow(tenantId, { reversals: false })
      : { account, snapshot };
  }

  async #lookAndSave(tenantId: string, known: BillingAccount | undefined) {
    const { accounts, snapshots, clock, syncTokenPacks } = this.#dependencies;
    const catalog = await requireCatalog(this.#dependencies.catalog);
    const seen: { look?: Look; before?: BillingAccount } = {};
    const look = async (found: BillingAccount) => {
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
      seen.before = found;
      return synchronizeAccount(found, snapshot, { ...settings, now });
    };
    const account = await updateAccount(accounts, tenantId, look, known);
    return { account, before: seen.before ?? account, catalog, look: seen.look };
  }

  /** Asks what is left of money only where it gives nothing: what was given back is explained. */
  async #unexplained(
    account: BillingAccount,
    { customerId, snapshot, catalog, reported }: Look,
    now: Date,
  ): Promise<readonly AttentionItem[]> {
    const duplicates = reported.map(({ subscriptionId }) => subscriptionId);
    const question = { catalog, named: duplicates, now };
    const subscriptions = unexplainedSubscriptions(account, snapshot, question);
    const named = [...duplicates, ...subscriptions.map(({ subject }) => subject)];
    const items: AttentionItem[] = [];
    for (const paid of unexplainedPayments(account, snapshot, { ...question, named })) {
      const kept = await this.#dependencies.payments.keptMoney(paid.invoice.id);
      const item = invoiceItem(paid, { tenantId: account.tenantId, customerId, kept });
      items.push(...(item === null ? [] : [item]));
    }
    return [...subscriptions, ...items];
  }

  async #followUp(
    account: BillingAccount,
    look: Look,
    reversals: boolean,
  ): Promise<{ ended: boolean }> {
    const { attention, endDuplicates, followReversals, nameAttention, payments, clock } =
      this.#dependencies;
    const { tenantId, revision } = account;
    const stuck = await endDuplicates.execute({ account, ...look });
    const duplicates = look.reported;
    const now = clock();
    for (const id of resumedSubscriptions(account, look.snapshot, { catalog: look.catalog, now })) {
      await payments.cancelAtPeriodEnd(id);
    }
    const found = [
      ...lookFindings(account, look.snapshot, { duplicates, catalog: look.catalog, now }),
      ...stuck,
      ...(await this.#unexplained(account, look, now)),
    ];
    const known = await attention.known(tenantId);
    const looked = [...LOOK_KINDS, ...UNEXPLAINED_KINDS];
    const sees = seenIn(look.snapshot);
    await nameAttention.execute({ tenantId, revision, found, looked, sees, known });
    return await followReversals.execute({ account, ...look, wanted: reversals, known });
  }
}
