import type { AttentionRecord } from "../../domain/attention/attention_item.ts";
import { accountNotifications } from "../../domain/notifications/account_notifications.ts";
import type { AlertSettings } from "../../domain/notifications/alert_settings.ts";
import { attentionNotifications } from "../../domain/notifications/attention_notifications.ts";
import { lapseNotifications } from "../../domain/notifications/lapse_notifications.ts";
import {
  notificationOf,
  type SourcedNotification,
} from "../../domain/notifications/notification.ts";
import { quotaNotifications } from "../../domain/notifications/quota_notifications.ts";
import { tokenNotifications } from "../../domain/notifications/token_notifications.ts";
import type { Told } from "../../domain/notifications/told.ts";
import type { AccountRecord } from "../../domain/subscription/billing_account.ts";
import { stopsOf } from "../../domain/tokens/top_up.ts";
import type { BillingStore } from "../ports/billing_store.ts";
import type { IsClockTrusted } from "../ports/clock.ts";
import { UnreadableLedgerError } from "../ports/tokens/token_ledger_store.ts";

/** The records from which news is derived. */
export type NewsSources = Pick<
  BillingStore,
  "accounts" | "audit" | "ledger" | "topUps" | "emailUsage" | "attention" | "catalog"
> & { readonly isClockTrusted: IsClockTrusted };

/** A request for news. */
export interface NewsWanted extends AlertSettings {
  /** `null` for news that concerns no tenant. */
  readonly tenantId: string | null;
  /** Ignores anything before this time. */
  readonly since: Date;
  readonly now: Date;
  readonly graceDays: number;
}

/** A tenant's news in order, and how far the tenant is told with it. */
export interface News {
  readonly notifications: readonly SourcedNotification[];
  readonly told: Told;
  /** The attention items whose turns are told with it. */
  readonly turned: readonly AttentionRecord[];
}

type Part = Pick<News, "notifications" | "told">;

const PAGE = 50;

/**
 * Returns a tenant's news since it was last told. Derives it from the audit trail, the ledger, the
 * e-mail count and the attention items, each of which was stored in one step with its change.
 *
 * @throws {PortError}
 */
export async function newsSince(
  told: Told,
  sources: NewsSources,
  wanted: NewsWanted,
): Promise<News> {
  const { tenantId } = wanted;
  const parts: Part[] = [];
  let next = told;
  const take = (news: Part) => {
    parts.push(news);
    next = news.told;
  };
  if (tenantId !== null) {
    take(await accountNews(next, sources, { ...wanted, tenantId }));
    take(await tokenNews(next, sources, { ...wanted, tenantId }));
    take(await topUpNews(next, sources, { ...wanted, tenantId }));
    take(await quotaNews(next, sources, { ...wanted, tenantId }));
  }
  const turned = await sources.attention.untold(tenantId);
  take(attentionNews(next, turned));
  const notifications = parts.flatMap((part) => part.notifications);
  return { notifications, told: next, turned };
}

type OfTenant = NewsWanted & { readonly tenantId: string };

async function accountNews(told: Told, sources: NewsSources, wanted: OfTenant): Promise<Part> {
  const account = await sources.accounts.find(wanted.tenantId);
  if (account === undefined) {
    return { notifications: [], told };
  }
  const changes = await changeNews(told, account, sources, wanted);
  const { notifications, told: lapse } = await lapseNews(changes.told, account, sources, wanted);
  return {
    notifications: sourced("account", [...changes.notifications, ...notifications]),
    told: { ...changes.told, ...(lapse !== undefined && { lapse }) },
  };
}

async function changeNews(
  told: Told,
  account: AccountRecord,
  { audit }: NewsSources,
  { tenantId, since }: OfTenant,
) {
  if (account.revision === told.revision) {
    return { notifications: [], told };
  }
  if (account.lastChange !== undefined) {
    await audit.append({ tenantId, ...account.lastChange });
  }
  const entries = await newest({
    page: (before) => audit.list(tenantId, { before, limit: PAGE }),
    placeOf: ({ revision }) => revision,
    isOld: ({ revision, at }) => revision <= (told.revision ?? 0) || at < since,
  });
  const revision = Math.max(account.revision, told.revision ?? 0);
  return { notifications: entries.flatMap(accountNotifications), told: { ...told, revision } };
}

/** Only a clock that is believed ends a plan. */
async function lapseNews(
  told: Told,
  account: AccountRecord,
  { catalog, isClockTrusted }: NewsSources,
  { now, graceDays }: OfTenant,
) {
  const content = account.standing?.debts.length ? await catalog.read() : undefined;
  return content === undefined || !isClockTrusted()
    ? { notifications: [], told: told.lapse }
    : lapseNotifications(told.lapse, account, { catalog: content, now, graceDays });
}

async function tokenNews(
  told: Told,
  { ledger }: NewsSources,
  { tenantId, since, tokensBelow }: OfTenant,
): Promise<Part> {
  try {
    const entries = await newest({
      page: (before) => ledger.list(tenantId, { ...(before && { before }), limit: PAGE }),
      placeOf: ({ seq }) => seq,
      isOld: ({ seq, at }) => seq <= (told.seq ?? 0) || at < since,
    });
    const notifications = entries.flatMap((entry) => tokenNotifications(entry, tokensBelow));
    const seq = entries.at(-1)?.seq ?? told.seq;
    return { notifications: sourced("tokens", notifications), told: { ...told, seq } };
  } catch (error) {
    if (error instanceof UnreadableLedgerError) {
      return { notifications: [], told };
    }
    throw error;
  }
}

async function topUpNews(
  told: Told,
  { topUps }: NewsSources,
  { tenantId, since }: OfTenant,
): Promise<Part> {
  const topUp = await topUps.find(tenantId);
  const stops = topUp === undefined ? [] : stopsOf(topUp);
  const last = stops.findLastIndex(({ at }) => at === told.topUpStoppedAt);
  const notifications = stops
    .slice(last + 1)
    .filter(({ at }) => new Date(at) >= since)
    .map(({ at, ...data }) =>
      notificationOf("tokens.top_up_stopped", { fact: at, tenantId, at: new Date(at), data }),
    );
  const topUpStoppedAt = stops.at(-1)?.at ?? told.topUpStoppedAt;
  return { notifications: sourced("topUps", notifications), told: { ...told, topUpStoppedAt } };
}

async function quotaNews(
  told: Told,
  { emailUsage }: NewsSources,
  { tenantId, emailPercentages, now }: OfTenant,
): Promise<Part> {
  const months = await emailUsage.findMonths(tenantId);
  if (months === undefined) {
    return { notifications: [], told };
  }
  const look = { tenantId, months, emailPercentages, now };
  const { notifications, told: quota } = quotaNotifications(told.quota, look);
  return { notifications: sourced("emails", notifications), told: { ...told, quota } };
}

/** The count of turns tells a later telling from an earlier one, and so keeps their order. */
function attentionNews(told: Told, items: readonly AttentionRecord[]): Part {
  const notifications = attentionNotifications(items);
  const turns = told.turns + notifications.length;
  return { notifications: sourced("attention", notifications), told: { ...told, turns } };
}

/** Reads a newest-first list up to what is already known; returns it oldest first. */
async function newest<T>({
  page,
  placeOf,
  isOld,
}: {
  page: (before: number | undefined) => Promise<readonly T[]>;
  placeOf: (entry: T) => number;
  isOld: (entry: T) => boolean;
}): Promise<readonly T[]> {
  const found: T[] = [];
  for (;;) {
    const last = found.at(-1);
    const entries = await page(last && placeOf(last));
    const fresh = entries.findIndex(isOld);
    found.push(...(fresh === -1 ? entries : entries.slice(0, fresh)));
    if (fresh !== -1 || entries.length < PAGE) {
      return found.toReversed();
    }
  }
}

function sourced(
  source: SourcedNotification["source"],
  notifications: readonly SourcedNotification["notification"][],
): readonly SourcedNotification[] {
  return notifications.map((notification) => ({ source, notification }));
}
