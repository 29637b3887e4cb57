import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import type { ContractSubject } from "../../contracts/contract_subject.ts";
import { emailLeaseStoreContract } from "../../contracts/email_lease_store_contract.ts";
import { emailUsageStoreContract } from "../../contracts/email_usage_store_contract.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { useMongoStores } from "./mongo_test_store.ts";

await describeOnMongodb("E-mail usage in MongoDB", (database) => {
  describe("with two connections", () => {
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
});
