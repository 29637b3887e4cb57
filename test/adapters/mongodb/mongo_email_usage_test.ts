import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import type { ContractSubject } from "../../contracts/contract_subject.ts";
import { emailLeaseStoreContract } from "../../contracts/email_lease_store_contract.ts";
import { emailUsageStoreContract } from "../../contracts/email_usage_store_contract.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { exceptTests } from "../../mongodb_server/except_tests.ts";
import { useMongoStores } from "./mongo_test_store.ts";

const PULL = "$pull with a condition removes nothing, so that notes stay";

/** What FerretDB is known to fail. */
const FERRETDB_EXCEPTIONS = {
  "P35 consumeOnce keeps the keys of tenants apart, whatever is in them": PULL,
  "P33 release gives nothing back to another period": PULL,
  "P31 consumeOnce still knows a key after the period has moved on": PULL,
  "P33 a send that races with the next period counts in one of the two": PULL,
  "P33 a lease of a period that is over gives nothing back to the next one": PULL,
};

/** What mongo-java-server is known to fail, now and then. */
const JAVA_SERVER_EXCEPTIONS = {
  "P31 consume answers each of many sends at once what is used after it":
    "documents are answered as later updates have left them",
};

await describeOnMongodb("E-mail usage in MongoDB", (database) => {
  const suite = describe("with two connections", () => {
    const open = useMongoStores(database);

    function part<T>(take: (store: BillingStore) => T) {
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

    emailUsageStoreContract(
      "MongoEmailUsageStore",
      part(({ emailUsage }) => emailUsage),
    );
    emailLeaseStoreContract(
      "MongoEmailLeaseStore",
      part(({ emailUsage, emailLeases }) => ({ usage: emailUsage, leases: emailLeases })),
    );
  });
  if (database.server === "FerretDB") {
    exceptTests(suite, FERRETDB_EXCEPTIONS);
  }
  if (database.server === "mongo-java-server") {
    exceptTests(suite, JAVA_SERVER_EXCEPTIONS);
  }
});
