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
  /** Its customer at the provider, where its account may not know it. */
  readonly customerId?: string | undefined;
  /** Whether to look at refunds and disputes of what it paid, too. */
  readonly reversals: boolean;
  /** Only compares. */
  readonly dryRun: boolean;
}

/** What a comparison found. */
export interface ReconciledTenant {
  /** What was wrong; in a dry run, what is wrong. */
  readonly drift: readonly Drift[];
  /** Second live subscriptions that are left to an operator (P18). */
  readonly undecided: readonly string[];
}

/** What the comparison of one tenant needs. */
export type ReconcileTenantDependencies = SynchronizationPorts;

/** The settings of what an event runs. */
export type ReconcileTenantSettings = SynchronizationSettings;

/**
 * Compares one tenant with the payment provider and puts right what differs (P37). It has no rules
 * of its own: what an event runs is run, over ports that note what is changed through them; what
 * they change is what was wrong. In a dry run they keep the changes to themselves.
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

  /** In a dry run nothing is ended, given back or named, and the quota, which only follows, stays. */
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
