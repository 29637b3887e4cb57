import type { BillingAccount } from "./billing_account.ts";

/**
 * Whether the payment provider has to be asked before anything is decided (P37): nobody has looked
 * at the tenant by this rule yet, or its period is over and we know of no renewal.
 */
export function isLookDue(
  { customerId, standing }: Pick<BillingAccount, "customerId" | "standing">,
  now: Date,
): boolean {
  if (customerId === null || standing === null) {
    return customerId !== null;
  }
  const { subscription } = standing;
  return (
    subscription !== null &&
    ["active", "trialing", "past_due"].includes(subscription.status) &&
    subscription.item !== null &&
    subscription.item.period.end <= now
  );
}
