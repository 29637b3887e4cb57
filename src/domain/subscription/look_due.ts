import type { BillingAccount } from "./billing_account.ts";

/**
 * Whether to ask the payment provider before deciding anything (P37): nobody has looked at the
 * tenant under this rule yet, or its period is over and we know of no renewal.
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
