import {
  type BillingAccount,
  isTenantId,
  withCustomer,
} from "../../domain/subscription/billing_account.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";
import { updateAccount } from "./update_account.ts";

/** The tenant for which a customer was created. */
export interface CustomersTenant {
  readonly tenantId: string;
  /** The tenant's account, if it has this customer. */
  readonly account: BillingAccount | null;
}

/**
 * Returns the tenant for which a customer was created (P07); `null` for customers that are not
 * ours. Never guesses: it is the tenant whose account has the customer, or else the one that the
 * provider has on record.
 *
 * @throws {PortError}
 */
export async function tenantOfCustomer(
  ports: { accounts: AccountStore; payments: PaymentGateway },
  customerId: string,
): Promise<CustomersTenant | null> {
  const account = await ports.accounts.findByCustomer(customerId);
  if (account !== undefined) {
    return { tenantId: account.tenantId, account };
  }
  const tenantId = await ports.payments.tenantOfCustomer(customerId);
  return tenantId !== null && isTenantId(tenantId) ? { tenantId, account: null } : null;
}

/**
 * Links a customer of a tenant that was lost here (through a crash or a restored backup), unless
 * the tenant has another customer. Returns whether the tenant has the customer afterwards.
 *
 * @throws {PortError}
 */
export async function linkCustomer(
  accounts: AccountStore,
  { tenantId, customerId, now }: { tenantId: string; customerId: string; now: Date },
): Promise<boolean> {
  const linked = await updateAccount(accounts, tenantId, (found) =>
    found.customerId === null ? withCustomer(found, customerId, now) : undefined,
  );
  return linked.customerId === customerId;
}
