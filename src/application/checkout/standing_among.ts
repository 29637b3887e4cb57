import type { BillingAccount, OwedPayment } from "../../domain/subscription/billing_account.ts";
import { currentSubscription, type Subscription } from "../../domain/subscription/subscription.ts";

/**
 * The subscription that counts (P14), also one that was made by hand, and what waits to be paid for
 * it. Where the account does not know it yet, its own metadata tell.
 */
export function standingAmong(
  subscriptions: readonly Subscription[],
  { tenantId, subscription }: BillingAccount,
): { current: Subscription | undefined; payments: readonly OwedPayment[] } {
  const known = subscriptions.find(({ id }) => id === subscription?.id);
  const current = known ?? currentSubscription(subscriptions, tenantId);
  return { current, payments: known === undefined ? [] : (subscription?.payments ?? []) };
}
