import type { BillingAlert, DuplicateAlert } from "../../domain/subscription/billing_alert.ts";
import { linkCustomer } from "../subscription/tenant_of_customer.ts";
import type { SynchronizeTenant } from "../synchronization/synchronize_tenant.ts";
import {
  type SynchronizationPorts,
  type SynchronizationSettings,
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
    await this.#synchronizeTenant(over, dryRun).execute({ tenantId, reversals });
    const drift = [
      ...accountDrift(tenantId, accounts.changes),
      ...ledgerDrift(tenantId, ledger.appended),
      ...duplicates.map(({ duplicateId }) => duplicateDrift(tenantId, duplicateId)),
    ];
    const reported = duplicates.filter(({ action }) => action === "reported" && !dryRun);
    return { drift, undecided: reported.map(({ duplicateId }) => duplicateId) };
  }

  /**
   * In a dry run, ends, refunds and raises nothing, and leaves the quota alone, which only follows.
   */
  #synchronizeTenant(over: ReconcileTenantDependencies, dryRun: boolean): SynchronizeTenant {
    const nothing = { execute: async () => undefined };
    const useCases = dryRun
      ? synchronizationUseCases(
          { ...over, nameAttention: nothing },
          { ...this.#settings, refundDuplicates: false, chargebackPolicy: "report" },
          { refreshEmailQuota: nothing },
        )
      : synchronizationUseCases(over, this.#settings);
    return useCases.synchronizeTenant;
  }
}

function duplicateDrift(tenantId: string, id: string): Drift {
  return { tenantId, kind: "duplicate", field: `duplicates.${id}`, ours: null, theirs: "live" };
}
