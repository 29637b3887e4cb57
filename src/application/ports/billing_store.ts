import type { AccountStore } from "./account_store.ts";
import type { CatalogStore } from "./catalog_store.ts";
import type { EventInbox } from "./event_inbox.ts";
import type { TokenLedgerStore } from "./token_ledger_store.ts";

/** All stores of one database. */
export interface BillingStore {
  readonly accounts: AccountStore;
  readonly ledger: TokenLedgerStore;
  readonly inbox: EventInbox;
  readonly catalog: CatalogStore;
  /** Releases the database. Calls that come later throw `PortError`. */
  close(): Promise<void>;
}
