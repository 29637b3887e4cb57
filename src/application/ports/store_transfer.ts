import type { AttentionRecord } from "../../domain/attention/attention_item.ts";
import type { Catalog } from "../../domain/catalog/catalog.ts";
import type { AccountRecord } from "../../domain/subscription/billing_account.ts";
import type { BillingStore } from "./billing_store.ts";
import type { InboxEvent } from "./events/event_inbox.ts";
import type { Delivery } from "./notifications/delivery_store.ts";
import type {
  NotificationRecord,
  NotificationRecordKind,
} from "./notifications/notification_records.ts";

/** Whether a record was stored, or already existed and stays unchanged. */
export type Restored = "restored" | "exists";

/**
 * The operations needed to move a store to another database, beyond those of the stores themselves:
 * reading across tenants, and storing records unchanged, with their revisions. For operators only,
 * never for requests. Every `restore` is atomic and never changes an existing record, so a move can
 * be repeated. Every method throws `PortError`.
 */
export interface StoreTransfer {
  /** Stores an account at its own revision unless its tenant already has one. */
  restoreAccount(account: AccountRecord): Promise<Restored>;

  /** Stores an attention item in its state unless it exists. */
  restoreAttention(item: AttentionRecord): Promise<Restored>;

  /** Stores the catalogue at its own revision unless there is one. */
  restoreCatalog(catalog: Catalog): Promise<Restored>;

  /**
   * Stores an event with its state, attempts and times unless it exists. A `processing` event is
   * stored as `received`, because its claim does not move with it.
   */
  restoreEvent(event: InboxEvent): Promise<Restored>;

  /** Lists the records of a kind by id, in ascending order. */
  notificationRecords(
    kind: NotificationRecordKind,
    page: IdPage,
  ): Promise<readonly NotificationRecord[]>;

  /** Stores a record at its own version unless it exists. */
  restoreNotificationRecord(
    kind: NotificationRecordKind,
    record: NotificationRecord,
  ): Promise<Restored>;

  /** Lists the deliveries to all targets by id, in ascending order. */
  deliveries(page: IdPage): Promise<readonly Delivery[]>;

  /** Stores a delivery with its state, attempts and log unless it exists. */
  restoreDelivery(delivery: Delivery): Promise<Restored>;
}

/** A page of records with ids: at most `limit` of those after `after`. */
export interface IdPage {
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A store that can be moved to another database. */
export interface MovableStore extends BillingStore {
  readonly transfer: StoreTransfer;
}

/** Returns an event as `restoreEvent` stores it. */
export function restoredEvent(event: InboxEvent): InboxEvent {
  return event.state === "processing" ? { ...event, state: "received", reason: null } : event;
}
