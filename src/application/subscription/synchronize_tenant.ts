import type { GrantMonthlyTokens } from "../tokens/grant_monthly_tokens.ts";
import type { SyncTokenPacks } from "../tokens/sync_token_packs.ts";
import type { SyncSubscription } from "./sync_subscription.ts";

/** A tenant to look at. */
export interface SynchronizeTenantCommand {
  readonly tenantId: string;
  /** Whether to look at the token packs that it has bought. Default: true. */
  readonly packs?: boolean;
  /** Whether to look at its subscription. Default: true. */
  readonly subscription?: boolean;
}

/** What `SynchronizeTenant` runs. */
export interface SynchronizeTenantDependencies {
  readonly syncTokenPacks: SyncTokenPacks;
  readonly syncSubscription: SyncSubscription;
  readonly grantMonthlyTokens: GrantMonthlyTokens;
  readonly refreshEmailQuota: { execute(command: { tenantId: string }): Promise<unknown> };
}

/**
 * Brings all that a tenant has in line with the payment provider: a look, a decision, the account,
 * then what follows from it, the ledger and the quota. Whatever makes us look runs this (P09, P37);
 * a step that a crash cuts off is made by the next look.
 */
export class SynchronizeTenant {
  readonly #dependencies: SynchronizeTenantDependencies;

  constructor(dependencies: SynchronizeTenantDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Safe to run at any time, any number of times, in any number of processes.
   *
   * @throws {PortError}
   */
  async execute({
    tenantId,
    packs = true,
    subscription = true,
  }: SynchronizeTenantCommand): Promise<void> {
    if (packs) {
      await this.#dependencies.syncTokenPacks.execute({ tenantId });
    }
    if (subscription) {
      await this.#dependencies.syncSubscription.execute({ tenantId });
      await this.#dependencies.grantMonthlyTokens.execute({ tenantId });
      await this.#dependencies.refreshEmailQuota.execute({ tenantId });
    }
  }
}
