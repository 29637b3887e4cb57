import type { AttentionRecord } from "../../domain/attention/attention_item.ts";
import type { AuditEntry } from "../../domain/subscription/account_change.ts";
import type { AccountRecord } from "../../domain/subscription/billing_account.ts";
import type { LedgerHead } from "../../domain/tokens/ledger_head.ts";
import type { TopUp } from "../../domain/tokens/top_up.ts";
import type { BillingStore, StoreName } from "../ports/billing_store.ts";
import type { InboxEvent } from "../ports/events/event_inbox.ts";
import type { Delivery } from "../ports/notifications/delivery_store.ts";
import type {
  NotificationRecord,
  NotificationRecordKind,
} from "../ports/notifications/notification_records.ts";
import type { MovableStore } from "../ports/store_transfer.ts";
import {
  isReadable,
  type ListedAccount,
  unreadableAccount,
} from "../ports/subscription/account_store.ts";
import type { ReservationReminder } from "../ports/tokens/token_reservation_store.ts";

const PAGE_SIZE = 200;
const MAX_REMINDERS_PER_TENANT = 100_000;
const END_OF_TIME = new Date("9999-12-31T23:59:59.999Z");

/** Stores that a move has no step for, and why. */
const WITHOUT_STEP = {
  audit: "Moves with its account",
  reservations: "Move with their ledger",
  requestCounts: "Short-lived: they end with their minute",
  emailLeases: "Short-lived: what a process holds counts as sent, and ends with its month",
} satisfies Partial<Record<StoreName, string>>;

/** Something for every store that a move must not forget: a new one does not compile without. */
export type ForEveryStore<Step> = Readonly<
  Record<Exclude<StoreName, keyof typeof WITHOUT_STEP>, Step>
>;

/** All accounts of a store, by tenant. @throws {PortError} at one that cannot be read */
export function accountsOf({ accounts }: BillingStore): AsyncGenerator<AccountRecord> {
  return inPages(async (last) => {
    const page = await accounts.list({ after: last?.tenantId, limit: PAGE_SIZE });
    return page.map(readable);
  });
}

function readable(account: ListedAccount): AccountRecord {
  if (!isReadable(account)) {
    throw unreadableAccount(account);
  }
  return account;
}

/** A tenant's audit trail, the last change first. */
export function auditEntriesOf(
  { audit }: MovableStore,
  tenantId: string,
): AsyncGenerator<AuditEntry> {
  return inPages((last) => audit.list(tenantId, { before: last?.revision, limit: PAGE_SIZE }));
}

/** All items of the attention list, in whatever state. */
export function attentionOf({ attention }: BillingStore): AsyncGenerator<AttentionRecord> {
  return inPages((last) => attention.list({ all: true, after: last, limit: PAGE_SIZE }));
}

/** All tenants of a store that have a ledger. */
export function ledgerTenantsOf({ ledger }: MovableStore): AsyncGenerator<string> {
  return inPages((last) =>
    ledger.tenants({ ...(last !== undefined && { after: last }), limit: PAGE_SIZE }),
  );
}

/** The heads of all ledgers of a store. */
export function headsOf({ ledgerHeads }: MovableStore): AsyncGenerator<LedgerHead> {
  return inPages((last) => ledgerHeads.list({ after: last?.tenantId ?? "", limit: PAGE_SIZE }));
}

/** All tenants of a store that have a record of e-mails. */
export function emailTenantsOf({ emailUsage }: BillingStore): AsyncGenerator<string> {
  return inPages((last) => emailUsage.tenants({ after: last, limit: PAGE_SIZE }));
}

/** The automatic top-ups of all tenants. */
export function topUpsOf({ topUps }: BillingStore): AsyncGenerator<TopUp> {
  return inPages((last) => topUps.list({ after: last?.tenantId, limit: PAGE_SIZE }));
}

/** All events of a store, the one received last first. */
export function eventsOf({ inbox }: MovableStore): AsyncGenerator<InboxEvent> {
  return inPages((last) =>
    inbox.list({
      ...(last && { after: { receivedAt: last.receivedAt, eventId: last.event.id } }),
      limit: PAGE_SIZE,
    }),
  );
}

/** All small records of a kind, by id. */
export function notificationRecordsOf(
  { transfer }: MovableStore,
  kind: NotificationRecordKind,
): AsyncGenerator<NotificationRecord> {
  return inPages((last) =>
    transfer.notificationRecords(kind, { after: last?.id, limit: PAGE_SIZE }),
  );
}

/** All deliveries, by id. */
export function deliveriesOf({ transfer }: MovableStore): AsyncGenerator<Delivery> {
  return inPages((last) => transfer.deliveries({ after: last?.id, limit: PAGE_SIZE }));
}

/** The reminders of a tenant's reservations, the one that expires first first. */
export function remindersOf(
  { reservations }: MovableStore,
  tenantId: string,
): Promise<readonly ReservationReminder[]> {
  return reservations.due({ now: END_OF_TIME, limit: MAX_REMINDERS_PER_TENANT, tenantId });
}

async function* inPages<T>(
  read: (last: T | undefined) => Promise<readonly T[]>,
): AsyncGenerator<T> {
  let last: T | undefined;
  for (;;) {
    const page = await read(last);
    yield* page;
    last = page.at(-1);
    if (last === undefined) {
      return;
    }
  }
}
