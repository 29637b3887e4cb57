import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import type { BillingAlert, DuplicateAlert } from "../../domain/subscription/billing_alert.ts";
import { requireCatalog } from "../catalog/require_catalog.ts";
import { linkCustomer } from "../subscription/tenant_of_customer.ts";
import {
  type SynchronizationPorts,
  type SynchronizationSettings,
  type SynchronizationUseCases,
  synchronizationUseCases,
} from "../synchronization/use_cases.ts";
import { accountDrift, type Drift, ledgerDrift } from "./drift.ts";
import { DryRunAccounts, DryRunLedger } from "./dry_run_store.ts";
import { RecordingAccounts, RecordingLedger } from "./recording_store.ts";

/** A tenant to compare. */
export interface ReconcileTenantCommand {
  readonly tenantId: string;
  /** Its customer at the provider, if its account may not know it. */
  readonly customerId?: string | undefined;
  /** Whether to look at refunds and disputes of its payments, too. */
  readonly reversals: boolean;
  /** Its account, if no look is needed: then only what follows from it is compared. */
  readonly confirmed?: BillingAccount | undefined;
  /** Compares without changing anything. */
  readonly dryRun: boolean;
}

/** What a comparison found. */
export interface ReconciledTenant {
  /** What was wrong or, in a dry run, is wrong. */
  readonly drift: readonly Drift[];
  /** Second live subscriptions left to an operator (P18). */
  readonly undecided: readonly string[];
}

/** The dependencies of comparing one tenant. */
export type ReconcileTenantDependencies = SynchronizationPorts;

/** The settings of synchronisation. */
export type ReconcileTenantSettings = SynchronizationSettings;

/**
 * Compares one tenant with the payment provider and corrects every difference (P37). It has no
 * rules of its own: it runs what an event runs, over ports that record the changes made through
 * them; what they change was wrong. In a dry run, the ports keep the changes in memory.
 */
export class ReconcileTenant {
  readonly #dependencies: ReconcileTenantDependencies;
  readonly #settings: ReconcileTenantSettings;

  constructor(dependencies: ReconcileTenantDependencies, settings: ReconcileTenantSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
  }

  /** @throws {PortError} */
  async execute({
    tenantId,
    customerId,
    reversals,
    confirmed,
    dryRun,
  }: ReconcileTenantCommand): Promise<ReconciledTenant> {
    const { accounts: stored, ledger: kept, raiseAlert } = this.#dependencies;
    const accounts = new RecordingAccounts(dryRun ? new DryRunAccounts(stored) : stored);
    const ledger = new RecordingLedger(dryRun ? new DryRunLedger(kept) : kept);
    const duplicates: DuplicateAlert[] = [];
    const over = {
      ...this.#dependencies,
      accounts,
      ledger,
      raiseAlert: (alert: BillingAlert) => {
        if (alert.type === "duplicate_subscription") {
          duplicates.push(alert);
        }
        if (!dryRun) {
          raiseAlert(alert);
        }
      },
    };
    if (customerId !== undefined) {
      await linkCustomer(accounts, { tenantId, customerId, now: this.#dependencies.clock() });
    }
    const useCases = this.#useCases(over, dryRun);
    await (confirmed === undefined
      ? useCases.synchronizeTenant.execute({ tenantId, reversals })
      : this.#follow(confirmed, useCases, dryRun));
    const drift = [
      ...accountDrift(tenantId, accounts.changes),
      ...ledgerDrift(tenantId, ledger.appended),
      ...duplicates.map(({ duplicateId }) => duplicateDrift(tenantId, duplicateId)),
    ];
    const reported = duplicates.filter(({ action }) => action === "reported" && !dryRun);
    return { drift, undecided: reported.map(({ duplicateId }) => duplicateId) };
  }

  /** Does what a look does after it has found nothing new; asks the provider nothing. */
  async #follow(
    account: BillingAccount,
    { grantMonthlyTokens, refreshEmailQuota }: SynchronizationUseCases,
    dryRun: boolean,
  ): Promise<void> {
    const { tenantId } = account;
    const catalog = await requireCatalog(this.#dependencies.catalog);
    await grantMonthlyTokens.execute({ tenantId, known: { account, catalog } });
    if (!dryRun) {
      await refreshEmailQuota.followLook({
        tenantId,
        known: { account, before: account, catalog },
      });
    }
  }

  /**
   * In a dry run, ends, refunds and raises nothing, and leaves the quota alone, which only follows.
   */
  #useCases(over: ReconcileTenantDependencies, dryRun: boolean): SynchronizationUseCases {
    const nothing = { execute: async () => undefined };
    return dryRun
      ? synchronizationUseCases(
          { ...over, nameAttention: nothing },
          { ...this.#settings, refundDuplicates: false, chargebackPolicy: "report" },
          { refreshEmailQuota: { followLook: async () => undefined } },
        )
      : synchronizationUseCases(over, this.#settings);
  }
}

function duplicateDrift(tenantId: string, id: string): Drift {
  return { tenantId, kind: "duplicate", field: `duplicates.${id}`, ours: null, theirs: "live" };
}
