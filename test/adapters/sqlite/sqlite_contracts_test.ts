import { billingStoreContracts } from "../../contracts/billing_store_contracts.ts";
import { sqliteInFile, sqliteInMemory } from "../../contracts/opened_sqlite.ts";

billingStoreContracts("Sqlite", "in memory", sqliteInMemory);
billingStoreContracts("Sqlite", "in a file with two connections", sqliteInFile);
