import type { AuditEntry } from "../subscription/account_change.ts";
import { type AnyNotification, type NotificationType, notificationOf } from "./notification.ts";

const STATUS = "subscription.status";
const GOOD = new Set<unknown>(["active", "trialing"]);
const UNPAID = new Set<unknown>(["past_due", "unpaid"]);
const ENDED = new Set<unknown>(["canceled", "incomplete_expired"]);
const ARRANGED = /^subscription\.(id|planSlug|interval|cancelAt|scheduledChange\..*)$/u;

type SubscriptionNewsType = Extract<NotificationType, `${"subscription" | "payment"}.${string}`>;

/** Derives the notifications of an account's change from its entry in the audit trail. */
export function accountNotifications(entry: AuditEntry): readonly AnyNotification[] {
  const { tenantId, revision, at, fields } = entry;
  const changes = fields.filter(({ field }) => field.startsWith("subscription."));
  return typesOf(entry).map((type) =>
    notificationOf(type, { fact: String(revision), tenantId, at, data: { revision, changes } }),
  );
}

function typesOf({ fields }: AuditEntry): readonly SubscriptionNewsType[] {
  const status = fields.find(({ field }) => field === STATUS);
  const types: SubscriptionNewsType[] = [];
  const isArranged = fields.some(({ field }) => ARRANGED.test(field));
  if (status === undefined) {
    return isArranged ? ["subscription.changed"] : [];
  }
  const { before, after } = status;
  const wasLiving = GOOD.has(before) || UNPAID.has(before);
  if (GOOD.has(after) && !wasLiving) {
    types.push("subscription.activated");
  } else if (wasLiving && (after === null || ENDED.has(after))) {
    types.push("subscription.ended");
  } else if (isArranged && wasLiving) {
    types.push("subscription.changed");
  }
  if (UNPAID.has(after) && !UNPAID.has(before)) {
    types.push("payment.failed");
  } else if (UNPAID.has(before) && GOOD.has(after)) {
    types.push("payment.recovered");
  }
  return types;
}
