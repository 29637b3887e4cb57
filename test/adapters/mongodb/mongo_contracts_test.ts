import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import { accountStoreContract } from "../../contracts/account_store_contract.ts";
import { auditStoreContract } from "../../contracts/audit_store_contract.ts";
import { catalogStoreContract } from "../../contracts/catalog_store_contract.ts";
import type { ContractSubject } from "../../contracts/contract_subject.ts";
import { eventInboxContract } from "../../contracts/event_inbox_contract.ts";
import { tokenLedgerStoreContract } from "../../contracts/token_ledger_store_contract.ts";
import { tokenReservationStoreContract } from "../../contracts/token_reservation_store_contract.ts";
import {
  describeOnMongodb,
  type MongoTestDatabase,
} from "../../mongodb_server/describe_on_mongodb.ts";
import { exceptTests } from "../../mongodb_server/except_tests.ts";
import { useMongoStores } from "./mongo_test_store.ts";

/** What FerretDB is known to fail. */
const FERRETDB_EXCEPTIONS = {
  "P16 save answers customer_taken for another tenant's customer, changes nothing":
    "an update that violates a unique index answers error 1 instead of 11000",
};

await describeOnMongodb("Contracts of the stores in MongoDB", (database) => {
  const suite = describe("with two connections", () => declareContracts(database));
  if (database.server === "FerretDB") {
    exceptTests(suite, FERRETDB_EXCEPTIONS);
  }
});

function declareContracts(database: MongoTestDatabase): void {
  const open = useMongoStores(database);

  function part<Key extends "accounts" | "audit" | "ledger" | "reservations" | "inbox" | "catalog">(
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

  accountStoreContract("MongoAccountStore", part("accounts"));
  auditStoreContract("MongoAuditStore", part("audit"));
  tokenLedgerStoreContract("MongoTokenLedgerStore", part("ledger"));
  tokenReservationStoreContract("MongoTokenReservationStore", part("reservations"));
  eventInboxContract("MongoEventInbox", part("inbox"));
  catalogStoreContract("MongoCatalogStore", part("catalog"));
}
