import { type BillingAccount, newAccount } from "../../domain/subscription/billing_account.ts";
import { PortError } from "../ports/port_error.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";

const MAX_ATTEMPTS = 50;

/**
 * Changes an account: reads it, computes the change and saves at the revision that was read. Starts
 * over if another save came first, so `change` always sees the latest account.
 *
 * @param change returns the account to save, or `undefined` to leave it as it is
 * @param found the account, if the caller has just read it
 * @returns the account as stored afterwards
 * @throws {PortError} if the store fails, or another tenant has the account's customer
 */
export async function updateAccount(
  accounts: Pick<AccountStore, "find" | "save">,
  tenantId: string,
  change: (
    account: BillingAccount,
  ) => Promise<BillingAccount | undefined> | BillingAccount | undefined,
  found?: BillingAccount,
): Promise<BillingAccount> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const known = attempt === 1 ? found : undefined;
    const account = known ?? (await accounts.find(tenantId)) ?? newAccount(tenantId);
    const changed = await change(account);
    if (changed === undefined) {
      return account;
    }
    const outcome = await accounts.save(changed);
    switch (outcome) {
      case "saved":
        return { ...changed, revision: changed.revision + 1 };
      case "customer_taken":
        throw new PortError(
          `Cannot save the account of "${tenantId}": its customer belongs to another tenant`,
          { transient: false },
        );
      case "conflict":
        break;
      default:
        outcome satisfies never;
    }
  }
  throw new PortError(`Cannot save the account of "${tenantId}": too many changes at once`, {
    transient: true,
  });
}
