import type { AttentionStore } from "./attention/attention_store.ts";
import type { AuditStore } from "./audit/audit_store.ts";
import type { CatalogStore } from "./catalog/catalog_store.ts";
import type { EventInbox } from "./events/event_inbox.ts";
import type { RequestCountStore } from "./limits/request_count_store.ts";
import type { DeliveryStore } from "./notifications/delivery_store.ts";
import type { NotificationRecords } from "./notifications/notification_records.ts";
import type { EmailLeaseStore } from "./quota/email_lease_store.ts";
import type { EmailUsageStore } from "./quota/email_usage_store.ts";
import type { AccountRecordStore } from "./subscription/account_store.ts";
import type { LedgerHeadStore } from "./tokens/ledger_head_store.ts";
import type { TokenLedgerStore } from "./tokens/token_ledger_store.ts";
import type { TokenReservationStore } from "./tokens/token_reservation_store.ts";
import type { TopUpStore } from "./tokens/top_up_store.ts";

/** The name of a store in a `BillingStore`. */
export type StoreName = {
  [Name in keyof BillingStore]: BillingStore[Name] extends () => unknown ? never : Name;
}[keyof BillingStore];

/** All stores of one database. */
export interface BillingStore {
  readonly accounts: AccountRecordStore;
  readonly attention: AttentionStore;
  readonly audit: AuditStore;
  readonly ledger: TokenLedgerStore;
  readonly ledgerHeads: LedgerHeadStore;
  readonly reservations: TokenReservationStore;
  readonly topUps: TopUpStore;
  readonly inbox: EventInbox;
  readonly catalog: CatalogStore;
  readonly emailUsage: EmailUsageStore;
  readonly emailLeases: EmailLeaseStore;
  readonly notificationRecords: NotificationRecords;
  readonly deliveries: DeliveryStore;
  readonly requestCounts: RequestCountStore;
  /** The database's time, to the millisecond. Throws `PortError`. */
  now(): Promise<Date>;
  /**
   * Names of the indexes that the database lacks or has otherwise; empty when it is complete.
   * Throws `PortError`.
   */
  missingIndexes(): Promise<readonly string[]>;
  /** Releases the database. Calls that come later throw `PortError`. */
  close(): Promise<void>;
}
