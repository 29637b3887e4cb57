import type { EmailUsageStore } from "../ports/quota/email_usage_store.ts";
import type { AccountRecordStore } from "../ports/subscription/account_store.ts";
import type { TokenLedgerStore } from "../ports/tokens/token_ledger_store.ts";
import { type SweepCommand, type SweepProgress, sweepTenants } from "../sweep_tenants.ts";
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
   * Looks at the next tenants, and first of all at news of no tenant.
   *
   * @throws {PortError} if they cannot be listed
   */
  async execute(command: SweepCommand): Promise<SweepProgress> {
    if ((await this.#targets.recent()).length === 0) {
      return { next: undefined, failures: [] };
    }
    const { after, limit } = command;
    const failures = after === undefined ? await this.#tellOfNoTenant() : [];
    const page = { ...(after === undefined ? {} : { after }), limit };
    const accounts = await this.#records.list(page);
    const ledgers = await this.#ledger.tenants(page);
    const senders = await this.#usage.tenants(page);
    const all = new Set([...accounts.map(({ tenantId }) => tenantId), ...ledgers, ...senders]);
    const tenants = [...all].toSorted().slice(0, limit);
    const swept = await sweepTenants(tenants, command, (tenantId) =>
      this.#tellTenant.execute({ tenantId }),
    );
    return { ...swept, failures: [...failures, ...swept.failures] };
  }

  async #tellOfNoTenant(): Promise<readonly unknown[]> {
    try {
      await this.#tellTenant.execute({ tenantId: null });
      return [];
    } catch (error) {
      return [error];
    }
  }
}
