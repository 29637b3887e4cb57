import { accountNotifications } from "../../domain/notifications/account_notifications.ts";
import type { AlertSettings } from "../../domain/notifications/alert_settings.ts";
import { attentionNotifications } from "../../domain/notifications/attention_notifications.ts";
import {
  notificationOf,
  type SourcedNotification,
} from "../../domain/notifications/notification.ts";
import { quotaNotifications } from "../../domain/notifications/quota_notifications.ts";
import { tokenNotifications } from "../../domain/notifications/token_notifications.ts";
import type { Told } from "../../domain/notifications/told.ts";
import { currentMonth } from "../../domain/quota/usage_months.ts";
import type { BillingStore } from "../ports/billing_store.ts";
import { UnreadableLedgerError } from "../ports/tokens/token_ledger_store.ts";

/** The records from which news is derived. */
export type NewsSources = Pick<
  BillingStore,
  "accounts" | "audit" | "ledger" | "topUps" | "emailUsage" | "attention"
>;

/** A request for news. */
export interface NewsWanted extends AlertSettings {
  /** `null` for news that concerns no tenant. */
  readonly tenantId: string | null;
  /** Whether a send was refused. */
  readonly refused: boolean;
  /** Ignores anything before this time. */
  readonly since: Date;
  readonly now: Date;
}

/** A tenant's news in order, and how far the tenant is told with it. */
export interface News {
  readonly notifications: readonly SourcedNotification[];
  readonly told: Told;
}

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
  const parts: News[] = [];
  let next = told;
  const take = (news: News) => {
    parts.push(news);
    next = news.told;
  };
  if (tenantId !== null) {
    take(await accountNews(next, sources, { ...wanted, tenantId }));
    take(await tokenNews(next, sources, { ...wanted, tenantId }));
    take(await topUpNews(next, sources, { ...wanted, tenantId }));
    take(await quotaNews(next, sources, { ...wanted, tenantId }));
  }
  take(await attentionNews(next, sources, wanted));
  return { notifications: parts.flatMap(({ notifications }) => notifications), told: next };
}

type OfTenant = NewsWanted & { readonly tenantId: string };

async function accountNews(
  told: Told,
  { accounts, audit }: NewsSources,
  { tenantId, since }: OfTenant,
): Promise<News> {
  const account = await accounts.find(tenantId);
  if (account === undefined || account.revision === told.revision) {
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
  const notifications = entries.flatMap(accountNotifications);
  const revision = Math.max(account.revision, told.revision ?? 0);
  return { notifications: sourced("account", notifications), told: { ...told, revision } };
}

async function tokenNews(
  told: Told,
  { ledger }: NewsSources,
  { tenantId, since, tokensBelow }: OfTenant,
): Promise<News> {
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
): Promise<News> {
  const stopped = (await topUps.find(tenantId))?.stopped ?? null;
  if (stopped === null || stopped.at === told.topUpStoppedAt) {
    return { notifications: [], told };
  }
  const { at: stoppedAt, ...data } = stopped;
  const at = new Date(stoppedAt);
  const about = { fact: stoppedAt, tenantId, at, data };
  const notifications = at < since ? [] : [notificationOf("tokens.top_up_stopped", about)];
  return {
    notifications: sourced("topUps", notifications),
    told: { ...told, topUpStoppedAt: stoppedAt },
  };
}

async function quotaNews(
  told: Told,
  { emailUsage }: NewsSources,
  { tenantId, refused, emailPercentages, now }: OfTenant,
): Promise<News> {
  const months = await emailUsage.findMonths(tenantId);
  const month = months && currentMonth(months.usage);
  if (month === undefined) {
    return { notifications: [], told };
  }
  const look = { tenantId, month, emailPercentages, refused, now };
  const { notifications, told: quota } = quotaNotifications(told.quota, look);
  return { notifications: sourced("emails", notifications), told: { ...told, quota } };
}

async function attentionNews(
  told: Told,
  { attention }: NewsSources,
  { tenantId, now }: NewsWanted,
): Promise<News> {
  const known = await attention.known(tenantId);
  const open = known.filter(({ state }) => state === "open");
  const toldOpen = Object.keys(told.attention).filter(
    (id) => (told.attention[id] ?? 0) % 2 === 1 && !open.some((item) => item.id === id),
  );
  const ended = await Promise.all(toldOpen.map((id) => attention.find(id)));
  const items = [...open, ...ended.filter((item) => item !== undefined)];
  const { notifications, told: turns } = attentionNotifications(told.attention, { items, now });
  const next = { ...told, attention: turns };
  return { notifications: sourced("attention", notifications), told: next };
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
