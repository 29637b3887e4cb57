import { isTenantId, withCustomer } from "../../domain/subscription/billing_account.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";
import { updateAccount } from "./update_account.ts";

/** Whom a customer was created for. */
export interface CustomersTenant {
  readonly tenantId: string;
  /** Whether the tenant's account has this customer. */
  readonly linked: boolean;
}

/**
 * The tenant that a customer was created for (P07), `null` for customers that are not ours. Never
 * guessed: it is the account that has the customer, or else what the provider has written down.
 *
 * @throws {PortError}
 */
export async function tenantOfCustomer(
  ports: { accounts: AccountStore; payments: PaymentGateway },
  customerId: string,
): Promise<CustomersTenant | null> {
  const account = await ports.accounts.findByCustomer(customerId);
  if (account !== undefined) {
    return { tenantId: account.tenantId, linked: true };
  }
  const tenantId = await ports.payments.tenantOfCustomer(customerId);
  return tenantId !== null && isTenantId(tenantId) ? { tenantId, linked: false } : null;
}

/**
 * Gives a tenant a customer that is its own, but was lost here (a crash, a restored backup); one
 * that has another customer keeps that. Answers whether the tenant has the customer afterwards.
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
