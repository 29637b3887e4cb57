import { subjectOf } from "../../../contracts/contract_subject.ts";
import { emailLeaseStoreContract } from "../../../contracts/email_lease_store_contract.ts";
import { emailUsageStoreContract } from "../../../contracts/email_usage_store_contract.ts";
import { describeOnMongodb } from "../../../mongodb_server/describe_on_mongodb.ts";
import { exceptTests } from "../../../mongodb_server/except_tests.ts";
import { useMongoStores } from "../mongo_test_store.ts";

/** What mongo-java-server is known to fail, now and then. */
const JAVA_SERVER_EXCEPTIONS = {
  "P31 consume answers each of many sends at once what is used after it":
    "documents are answered as later updates have left them",
};

await describeOnMongodb("E-mail usage in MongoDB", (database) => {
  const suite = describe("with two connections", () => {
    const open = useMongoStores(database);

    emailUsageStoreContract(
      "MongoEmailUsageStore",
      subjectOf(open, ({ emailUsage }) => emailUsage),
    );
    emailLeaseStoreContract(
      "MongoEmailLeaseStore",
      subjectOf(open, ({ emailUsage, emailLeases }) => ({
        usage: emailUsage,
        leases: emailLeases,
      })),
    );
  });
  if (database.server === "mongo-java-server") {
    exceptTests(suite, JAVA_SERVER_EXCEPTIONS);
  }
});
