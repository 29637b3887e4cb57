import type { EmailUsageStore } from "../ports/quota/email_usage_store.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { TokenLedgerStore } from "../ports/tokens/token_ledger_store.ts";

/** The dependencies of `KnowsTenant`. */
export interface KnowsTenantPorts {
  readonly accounts: Pick<AccountStore, "find">;
  readonly ledger: Pick<TokenLedgerStore, "last">;
  readonly usage: Pick<EmailUsageStore, "find">;
}

/**
 * Tells an id from a typing error: whether a tenant has ever had an account, tokens or e-mails.
 * There is no list of tenants: whoever signs tokens decides who is one.
 */
export class KnowsTenant {
  readonly #ports: KnowsTenantPorts;

  constructor(ports: KnowsTenantPorts) {
    this.#ports = ports;
  }

  /** @throws {PortError} */
  async execute({ tenantId }: { tenantId: string }): Promise<boolean> {
    const { accounts, ledger, usage } = this.#ports;
    return (
      (await accounts.find(tenantId)) !== undefined ||
      (await ledger.last(tenantId)) !== undefined ||
      (await usage.find(tenantId)) !== undefined
    );
  }
}
