import type { EmailUsageStore } from "../ports/quota/email_usage_store.ts";
import type { AccountRecordStore } from "../ports/subscription/account_store.ts";
import type { TokenLedgerStore } from "../ports/tokens/token_ledger_store.ts";
import type { NotificationTargets } from "./notification_targets.ts";
import type { TellTenant } from "./tell_tenant.ts";

/**
 * Sends the news that a crash has left unsent, tenant by tenant. Any number of processes may do so
 * at once.
 */
export class TellAllTenants {
  readonly #records: AccountRecordStore;
  readonly #ledger: TokenLedgerStore;
  readonly #usage: EmailUsageStore;
  readonly #targets: NotificationTargets;
  readonly #tellTenant: TellTenant;

  constructor(dependencies: {
    records: AccountRecordStore;
    ledger: TokenLedgerStore;
    usage: EmailUsageStore;
    targets: NotificationTargets;
    tellTenant: TellTenant;
  }) {
    this.#records = dependencies.records;
    this.#ledger = dependencies.ledger;
    this.#usage = dependencies.usage;
    this.#targets = dependencies.targets;
    this.#tellTenant = dependencies.tellTenant;
  }

  /**
   * Looks at `limit` tenants after `after`; at none once `signal` aborts.
   *
   * @returns the tenant after which to continue; `undefined` at the end
   * @throws {PortError}
   */
  async execute({
    after,
    limit,
    signal,
  }: {
    after?: string | undefined;
    limit: number;
    signal?: AbortSignal;
  }): Promise<string | undefined> {
    if ((await this.#targets.recent()).length === 0) {
      return undefined;
    }
    if (after === undefined) {
      await this.#tellTenant.execute({ tenantId: null });
    }
    const from = after === undefined ? {} : { after };
    const accounts = await this.#records.list({ ...from, limit });
    const ledgers = await this.#ledger.tenants({ ...from, limit });
    const senders = await this.#usage.tenants({ ...from, limit });
    const all = new Set([...accounts.map(({ tenantId }) => tenantId), ...ledgers, ...senders]);
    const tenants = [...all].toSorted().slice(0, limit);
    for (const tenantId of tenants) {
      if (signal?.aborted) {
        return undefined;
      }
      await this.#tellTenant.execute({ tenantId });
    }
    return tenants.length < limit ? undefined : tenants.at(-1);
  }
}
