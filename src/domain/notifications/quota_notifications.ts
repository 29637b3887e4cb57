import type { EmailMonths } from "../quota/email_months.ts";
import { quotaStatus } from "../quota/email_quota.ts";
import type { MonthMark } from "../quota/month_mark.ts";
import { currentMonth } from "../quota/usage_months.ts";
import { type AnyNotification, notificationOf } from "./notification.ts";

const WARNING_PERCENTAGE = 80;

/** How much of which month was notified. */
export interface ToldQuota {
  readonly month: string;
  readonly limit: number | null;
  readonly percentage: number;
  /** Whether a refusal in this month was notified. */
  readonly exceeded: boolean;
  /** The number of the last notified mark; absent before the first. */
  readonly mark?: number;
}

/** A tenant's months and what it wants to hear of them. */
export interface QuotaLook {
  readonly tenantId: string;
  readonly months: EmailMonths;
  readonly emailPercentages: readonly number[];
  readonly now: Date;
}

interface QuotaNews {
  readonly notifications: readonly AnyNotification[];
  readonly told: ToldQuota | null;
}

/** A month at a moment, and since when it was in force. */
type Moment = Omit<MonthMark, "number"> & { readonly since: Date };

/**
 * Derives the notifications of the months that were left since, and of the one in force. After a
 * change of the limit, notifies the percentages again.
 *
 * @param told `null` for a tenant that has had no notifications; the running month is no news then
 */
export function quotaNotifications(
  told: ToldQuota | null,
  { tenantId, months, emailPercentages, now }: QuotaLook,
): QuotaNews {
  const marks = months.marks.filter(({ number }) => number > (told?.mark ?? 0));
  const moments: Moment[] = marks.map((mark, index) => ({
    ...mark,
    since: marks[index - 1]?.at ?? mark.at,
  }));
  const month = currentMonth(months.usage);
  if (month !== undefined) {
    const { name, start, end, allowance: limit, inherited, own } = month;
    const used = inherited + own;
    const since = marks.at(-1)?.at ?? now;
    const { refusedAt } = months;
    moments.push({ name, start, end, limit, used, refusedAt, at: now, since });
  }
  const about = { tenantId, emailPercentages };
  const none: QuotaNews = { notifications: [], told };
  const { notifications, told: last } = moments.reduce((news, moment) => {
    const next = newsOfMonth(news.told, { ...about, moment });
    return { told: next.told, notifications: [...news.notifications, ...next.notifications] };
  }, none);
  const mark = marks.at(-1)?.number ?? told?.mark;
  return { notifications, told: last && { ...last, ...(mark !== undefined && { mark }) } };
}

function newsOfMonth(
  told: ToldQuota | null,
  {
    tenantId,
    moment,
    emailPercentages,
  }: Pick<QuotaLook, "tenantId" | "emailPercentages"> & { readonly moment: Moment },
): QuotaNews {
  const { name, limit, used, refusedAt, at, since } = moment;
  const [periodStart, periodEnd] = [moment.start.toISOString(), moment.end.toISOString()];
  const { percentage } = quotaStatus({ limit, used });
  const data = { periodStart, periodEnd, limit, used, percentage };
  const isSameMonth = told?.month === name;
  const from = isSameMonth && told.limit === limit ? told.percentage : 0;
  const upTo = used === 0 ? 0 : Math.max(from, percentage ?? 0);
  const wasExceeded = isSameMonth && told.exceeded;
  const notifications: AnyNotification[] = [];
  if (told !== null && !isSameMonth) {
    notifications.push(notificationOf("quota.reset", { fact: name, tenantId, at: since, data }));
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
  if (refusedAt !== null && !wasExceeded) {
    const about = { fact: name, tenantId, at: refusedAt, data };
    notifications.push(notificationOf("quota.exceeded", about));
  }
  const exceeded = wasExceeded || refusedAt !== null;
  return { notifications, told: { month: name, limit, percentage: upTo, exceeded } };
}
