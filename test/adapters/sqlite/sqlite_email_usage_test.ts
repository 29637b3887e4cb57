import { subjectOf } from "../../contracts/contract_subject.ts";
import { emailLeaseStoreContract } from "../../contracts/email_lease_store_contract.ts";
import { emailUsageStoreContract } from "../../contracts/email_usage_store_contract.ts";
import { sqliteInFile, sqliteInMemory } from "../../contracts/opened_sqlite.ts";

for (const [where, open] of [
  ["in memory", sqliteInMemory],
  ["in a file with two connections", sqliteInFile],
] as const) {
  emailUsageStoreContract(
    `SqliteEmailUsageStore ${where}`,
    subjectOf(open, ({ emailUsage }) => emailUsage),
  );
  emailLeaseStoreContract(
    `SqliteEmailUsageStore ${where}`,
    subjectOf(open, ({ emailUsage, emailLeases }) => ({ usage: emailUsage, leases: emailLeases })),
  );
}
