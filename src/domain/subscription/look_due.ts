import { isBefore } from "../instants.ts";
import type { BillingAccount } from "./billing_account.ts";
import { type Month, wholeSecond } from "./month.ts";

/**
 * Whether to ask the payment provider before deciding anything (P37): nobody has looked at the
 * tenant under this rule yet, or nobody since its month began, or its period is over and we know of
 * no renewal.
 *
 * @param month the month in force at `now`
 */
export function isLookDue(
  { customerId, standing, lookedAt }: Pick<BillingAccount, "customerId" | "standing" | "lookedAt">,
  month: Pick<Month, "subscriptionId" | "start">,
  now: Date,
): boolean {
  if (customerId === null || standing === null) {
    return customerId !== null;
  }
  return beganSinceLook({ lookedAt }, month) || isRenewalMissing(standing, now);
}

/** Whether nobody has looked at the tenant since a paid month began. */
export function beganSinceLook(
  { lookedAt }: Pick<BillingAccount, "lookedAt">,
  month: Pick<Month, "subscriptionId" | "start">,
): boolean {
  return (
    month.subscriptionId !== null &&
    (lookedAt === null || isBefore(lookedAt, wholeSecond(month.start)))
  );
}

function isRenewalMissing(
  { subscription }: NonNullable<BillingAccount["standing"]>,
  now: Date,
): boolean {
  return (
    subscription !== null &&
    ["active", "trialing", "past_due"].includes(subscription.status) &&
    subscription.item !== null &&
    !isBefore(now, subscription.item.period.end)
  );
}
