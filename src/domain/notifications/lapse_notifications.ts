import type { Catalog } from "../catalog/catalog.ts";
import { accountEntitlement } from "../quota/month_look.ts";
import type { BillingAccount } from "../subscription/billing_account.ts";
import type { EntitlementReason } from "../subscription/entitlement.ts";
import { type AnyNotification, notificationOf } from "./notification.ts";

/** The reasons that give less than what was settled, with time alone. */
const LAPSED = new Set<EntitlementReason>(["renewal_overdue", "change_owed"]);

/**
 * Derives the notification of a plan that has ended by the clock, because what is owed was not paid
 * in time: nothing at the payment provider says so, and nothing is written.
 *
 * @param told what was notified last
 */
export function lapseNotifications(
  told: string | undefined,
  account: BillingAccount,
  { catalog, ...at }: { catalog: Catalog; now: Date; graceDays: number },
): { readonly notifications: readonly AnyNotification[]; readonly told: string | undefined } {
  const { reason, month, months, graceEndsAt } = accountEntitlement(account, catalog, at);
  const endedAt = graceEndsAt ?? months.at(-1)?.end;
  const hasLapsed =
    LAPSED.has(reason) &&
    month.subscriptionId === null &&
    endedAt !== undefined &&
    endedAt <= at.now;
  const fact = hasLapsed ? `${reason}:${endedAt.toISOString()}` : told;
  if (!hasLapsed || fact === undefined || fact === told) {
    return { notifications: [], told: fact };
  }
  const { tenantId, revision } = account;
  const changes = [{ field: "entitlement.reason", before: null, after: reason }];
  const about = { fact, tenantId, at: endedAt, data: { revision, changes } };
  return { notifications: [notificationOf("subscription.ended", about)], told: fact };
}
