import { quotaStatus } from "../quota/email_quota.ts";
import type { UsageMonth } from "../quota/usage_months.ts";
import { type AnyNotification, notificationOf } from "./notification.ts";

const WARNING_PERCENTAGE = 80;

/** How much of which month was notified. */
export interface ToldQuota {
  readonly month: string;
  readonly limit: number | null;
  readonly percentage: number;
  /** Whether a refusal in this month was notified. */
  readonly exceeded: boolean;
}

/** The current month and its possible news. */
export interface QuotaLook {
  readonly tenantId: string;
  readonly month: UsageMonth;
  readonly emailPercentages: readonly number[];
  /** Whether a send was refused in it. */
  readonly refused: boolean;
  readonly now: Date;
}

/**
 * Derives the notifications of the current month. After a change of the limit, notifies the
 * percentages again.
 *
 * @param told `null` for a tenant that has had no notifications; the running month is no news then
 */
export function quotaNotifications(
  told: ToldQuota | null,
  { tenantId, month, emailPercentages, refused, now: at }: QuotaLook,
): { readonly notifications: readonly AnyNotification[]; readonly told: ToldQuota } {
  const { allowance: limit, name } = month;
  const [periodStart, periodEnd] = [month.start.toISOString(), month.end.toISOString()];
  const used = month.inherited + month.own;
  const { percentage } = quotaStatus({ limit, used });
  const data = { periodStart, periodEnd, limit, used, percentage };
  const isSameMonth = told?.month === name;
  const from = isSameMonth && told.limit === limit ? told.percentage : 0;
  const upTo = used === 0 ? 0 : Math.max(from, percentage ?? 0);
  const exceeded = (isSameMonth && told.exceeded) || refused;
  const notifications: AnyNotification[] = [];
  if (told !== null && !isSameMonth) {
    notifications.push(notificationOf("quota.reset", { fact: name, tenantId, at, data }));
  }
  for (const reached of emailPercentages.filter((one) => one > from && one <= upTo)) {
    const fact = `${name}:${limit}:${reached}`;
    const about = { fact, tenantId, at, data: { ...data, reached } };
    notifications.push(notificationOf("quota.alert", about));
  }
  if (from < WARNING_PERCENTAGE && upTo >= WARNING_PERCENTAGE) {
    const fact = `${name}:${limit}`;
    notifications.push(notificationOf("quota.warning", { fact, tenantId, at, data }));
  }
  if (refused && !(isSameMonth && told.exceeded)) {
    notifications.push(notificationOf("quota.exceeded", { fact: name, tenantId, at, data }));
  }
  return { notifications, told: { month: name, limit, percentage: upTo, exceeded } };
}
