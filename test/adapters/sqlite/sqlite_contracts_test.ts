import { join } from "node:path";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import { accountStoreContract } from "../../contracts/account_store_contract.ts";
import { auditStoreContract } from "../../contracts/audit_store_contract.ts";
import { catalogStoreContract } from "../../contracts/catalog_store_contract.ts";
import type { ContractSubject } from "../../contracts/contract_subject.ts";
import { eventInboxContract } from "../../contracts/event_inbox_contract.ts";
import { tokenLedgerStoreContract } from "../../contracts/token_ledger_store_contract.ts";
import { tokenReservationStoreContract } from "../../contracts/token_reservation_store_contract.ts";
import { temporaryFolder } from "./temporary_folder.ts";

type Open = () => Promise<ContractSubject<BillingStore>>;

async function inMemory(): Promise<ContractSubject<BillingStore>> {
  const store = openSqliteStore(":memory:");
  return { store, unreachable: await closedStore(":memory:"), close: () => store.close() };
}

async function inFile(): Promise<ContractSubject<BillingStore>> {
  const folder = temporaryFolder();
  const path = join(folder.path, "billing.db");
  const store = openSqliteStore(path);
  const another = openSqliteStore(path);
  const close = async () => {
    await store.close();
    await another.close();
    folder.remove();
  };
  return { store, another, unreachable: await closedStore(path), close };
}

async function closedStore(path: string): Promise<BillingStore> {
  const store = openSqliteStore(path);
  await store.close();
  return store;
}

function part<Key extends "accounts" | "audit" | "ledger" | "reservations" | "inbox" | "catalog">(
  open: Open,
  key: Key,
) {
  return async (): Promise<ContractSubject<BillingStore[Key]>> => {
    const { store, another, unreachable, close } = await open();
    return {
      store: store[key],
      ...(another && { another: another[key] }),
      unreachable: unreachable[key],
      close,
    };
  };
}

for (const [where, open] of [
  ["in memory", inMemory],
  ["in a file with two connections", inFile],
] as const) {
  accountStoreContract(`SqliteAccountStore ${where}`, part(open, "accounts"));
  auditStoreContract(`SqliteAuditStore ${where}`, part(open, "audit"));
  tokenLedgerStoreContract(`SqliteTokenLedgerStore ${where}`, part(open, "ledger"));
  tokenReservationStoreContract(`SqliteTokenReservationStore ${where}`, part(open, "reservations"));
  eventInboxContract(`SqliteEventInbox ${where}`, part(open, "inbox"));
  catalogStoreContract(`SqliteCatalogStore ${where}`, part(open, "catalog"));
}
