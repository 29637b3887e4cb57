import type { CatalogStore } from "../ports/catalog/catalog_store.ts";
import type { Clock } from "../ports/clock.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";
import type { AppendableLedger } from "../ports/tokens/token_ledger_store.ts";
import type { TokenPackPayments } from "../ports/tokens/token_pack_payments.ts";
import type { RefreshEmailQuota } from "../quota/refresh_email_quota.ts";
import type { EndDuplicates, EndDuplicatesCommand } from "../subscription/end_duplicates.ts";
import { SyncSubscription } from "../subscription/sync_subscription.ts";
import { linkCustomer } from "../subscription/tenant_of_customer.ts";
import { AppendToLedger } from "../tokens/append_to_ledger.ts";
import { GrantMonthlyTokens } from "../tokens/grant_monthly_tokens.ts";
import { SyncTokenPacks } from "../tokens/sync_token_packs.ts";
import { accountDrift, type Drift, ledgerDrift } from "./drift.ts";
import { DryRunAccounts, DryRunLedger } from "./dry_run_store.ts";
import { RecordingAccounts, RecordingLedger } from "./recording_store.ts";

/** A tenant to compare. */
export interface ReconcileTenantCommand {
  readonly tenantId: string;
  /** Its customer at the provider, where its account may not know it. */
  readonly customerId?: string | undefined;
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
export interface ReconcileTenantPorts {
  readonly accounts: AccountStore;
  readonly ledger: AppendableLedger;
  readonly catalog: CatalogStore;
  readonly payments: PaymentGateway;
  readonly packPayments: TokenPackPayments;
  readonly endDuplicates: EndDuplicates;
  readonly refreshEmailQuota: RefreshEmailQuota;
  readonly clock: Clock;
}

/**
 * Compares one tenant with the payment provider and puts right what differs (P37). It has no rules
 * of its own: the use cases that an event runs are run, over stores that note what they change;
 * what they change is what was wrong. In a dry run the stores keep the changes to themselves.
 */
export class ReconcileTenant {
  readonly #ports: ReconcileTenantPorts;
  readonly #settings: { readonly graceDays: number };

  constructor(ports: ReconcileTenantPorts, settings: { graceDays: number }) {
    this.#ports = ports;
    this.#settings = settings;
  }

  /** @throws {PortError} */
  async execute({
    tenantId,
    customerId,
    dryRun,
  }: ReconcileTenantCommand): Promise<ReconciledTenant> {
    const { accounts: stored, ledger: kept, refreshEmailQuota, ...ports } = this.#ports;
    const accounts = new RecordingAccounts(dryRun ? new DryRunAccounts(stored) : stored);
    const ledger = new RecordingLedger(dryRun ? new DryRunLedger(kept) : kept);
    const duplicates = this.#duplicates(dryRun);
    const appendToLedger = new AppendToLedger({ ledger });
    const over = { ...ports, accounts, ledger, appendToLedger, endDuplicates: duplicates };
    if (customerId !== undefined) {
      await linkCustomer(accounts, { tenantId, customerId });
    }
    const syncTokenPacks = new SyncTokenPacks(over);
    await syncTokenPacks.execute({ tenantId });
    await new SyncSubscription({ ...over, syncTokenPacks }).execute({ tenantId });
    await new GrantMonthlyTokens(over, this.#settings).execute({ tenantId });
    if (!dryRun) {
      await refreshEmailQuota.execute({ tenantId });
    }
    const drift = [
      ...accountDrift(tenantId, accounts.changes),
      ...ledgerDrift(tenantId, ledger.appended),
      ...duplicates.found.map((id) => duplicateDrift(tenantId, id)),
    ];
    return { drift, undecided: duplicates.undecided };
  }

  /** In a dry run nothing is ended or given back: that there is a duplicate is all that is told. */
  #duplicates(dryRun: boolean) {
    const found: string[] = [];
    const undecided: string[] = [];
    const execute = async (command: EndDuplicatesCommand) => {
      found.push(...command.duplicates.map(({ id }) => id));
      const handled = dryRun ? [] : await this.#ports.endDuplicates.execute(command);
      const left = handled.filter(({ action }) => action === "reported");
      undecided.push(...left.map(({ duplicateId }) => duplicateId));
      return handled;
    };
    return { found, undecided, execute };
  }
}

function duplicateDrift(tenantId: string, id: string): Drift {
  return { tenantId, kind: "duplicate", field: `duplicates.${id}`, ours: null, theirs: "live" };
}
