import { join } from "node:path";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import { temporaryFolder } from "../adapters/sqlite/temporary_folder.ts";
import type { ContractSubject } from "./contract_subject.ts";

/** A store in memory, for a contract suite. */
export async function sqliteInMemory(): Promise<ContractSubject<BillingStore>> {
  const store = openSqliteStore(":memory:");
  return { store, unreachable: await closedStore(":memory:"), close: () => store.close() };
}

/** A store in a file, with two connections to it. */
export async function sqliteInFile(): Promise<ContractSubject<BillingStore>> {
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

/** What stands in front of a store or a part of it, for a contract suite. */
export function inFrontOf<Store>(
  open: () => Promise<ContractSubject<BillingStore>>,
  wrap: (store: BillingStore) => Store,
): () => Promise<ContractSubject<Store>> {
  return async () => {
    const { store, another, unreachable, close } = await open();
    return {
      store: wrap(store),
      ...(another && { another: wrap(another) }),
      unreachable: wrap(unreachable),
      close,
    };
  };
}

async function closedStore(path: string): Promise<BillingStore> {
  const store = openSqliteStore(path);
  await store.close();
  return store;
}
