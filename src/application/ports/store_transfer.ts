import type { AttentionRecord } from "../../domain/attention/attention_item.ts";
import type { Catalog } from "../../domain/catalog/catalog.ts";
import type { AccountRecord } from "../../domain/subscription/billing_account.ts";
import type { BillingStore } from "./billing_store.ts";
import type { InboxEvent } from "./events/event_inbox.ts";
import type { TenantPage } from "./subscription/account_store.ts";

/** Whether something was stored, or had been there before and stays as it is. */
export type Restored = "restored" | "exists";

/**
 * What moving a store to another database needs beyond the stores themselves: reading across
 * tenants, and storing records as they are, revisions included. For operators only; it is not
 * there for requests. Every `restore` is one atomic step that never changes what is there, so that
 * a move can be repeated. Every method throws `PortError`.
 */
export interface StoreTransfer {
  /** Tenants that have a record of e-mails, in ascending order. */
  emailTenants(page: TenantPage): Promise<readonly string[]>;

  /** Stores an account at its own revision, unless its tenant has one. */
  restoreAccount(account: AccountRecord): Promise<Restored>;

  /** Stores an item that somebody has to look at, with what became of it, unless it is there. */
  restoreAttention(item: AttentionRecord): Promise<Restored>;

  /** Stores the catalogue at its own revision, unless there is one. */
  restoreCatalog(catalog: Catalog): Promise<Restored>;

  /**
   * Stores an event with its state, attempts and times, unless it is there. One that was in
   * `processing` is stored as `received`: the claim on it ends with the move.
   */
  restoreEvent(event: InboxEvent): Promise<Restored>;
}

/** A store that can be moved to another database. */
export interface MovableStore extends BillingStore {
  readonly transfer: StoreTransfer;
}

/** How an event is stored where it is restored. */
export function restoredEvent(event: InboxEvent): InboxEvent {
  return event.state === "processing" ? { ...event, state: "received", reason: null } : event;
}
