import { join } from "node:path";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import type { MovableStore } from "../../src/application/ports/store_transfer.ts";
import { temporaryFolder } from "../rig/temporary_folder.ts";
import type { ContractSubject } from "./contract_subject.ts";

/** A store in memory, for a contract suite. */
export async function sqliteInMemory(): Promise<ContractSubject<MovableStore>> {
  const store = openSqliteStore(":memory:");
  return { store, unreachable: await closedStore(":memory:"), close: () => store.close() };
}

/** A store in a file, with two connections to it. */
export async function sqliteInFile(): Promise<ContractSubject<MovableStore>> {
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

async function closedStore(path: string): Promise<MovableStore> {
  const store = openSqliteStore(path);
  await store.close();
  return store;
}
