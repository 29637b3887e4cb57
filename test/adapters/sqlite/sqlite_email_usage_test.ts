import { join } from "node:path";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import type { ContractSubject } from "../../contracts/contract_subject.ts";
import { emailLeaseStoreContract } from "../../contracts/email_lease_store_contract.ts";
import { emailUsageStoreContract } from "../../contracts/email_usage_store_contract.ts";
import { temporaryFolder } from "./temporary_folder.ts";

type Open = () => Promise<ContractSubject<BillingStore>>;

async function inMemory(): Promise<ContractSubject<BillingStore>> {
  const store = openSqliteStore(":memory:");
  return { store, unreachable: await closed(":memory:"), close: () => store.close() };
}

async function inFile(): Promise<ContractSubject<BillingStore>> {
  const folder = temporaryFolder();
  const path = join(folder.path, "billing.db");
  const [store, another] = [openSqliteStore(path), openSqliteStore(path)];
  const close = async () => {
    await store.close();
    await another.close();
    folder.remove();
  };
  return { store, another, unreachable: await closed(path), close };
}

async function closed(path: string): Promise<BillingStore> {
  const store = openSqliteStore(path);
  await store.close();
  return store;
}

function part<T>(open: Open, take: (store: BillingStore) => T) {
  return async (): Promise<ContractSubject<T>> => {
    const { store, another, unreachable, close } = await open();
    return {
      store: take(store),
      ...(another && { another: take(another) }),
      unreachable: take(unreachable),
      close,
    };
  };
}

for (const [where, open] of [
  ["in memory", inMemory],
  ["in a file with two connections", inFile],
] as const) {
  emailUsageStoreContract(
    `SqliteEmailUsageStore ${where}`,
    part(open, ({ emailUsage }) => emailUsage),
  );
  emailLeaseStoreContract(
    `SqliteEmailUsageStore ${where}`,
    part(open, ({ emailUsage, emailLeases }) => ({ usage: emailUsage, leases: emailLeases })),
  );
}
