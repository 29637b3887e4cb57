import { expect } from "chai";
import { AuditedAccounts } from "../../../src/application/audit/audited_accounts.ts";
import { updateAccount } from "../../../src/application/subscription/update_account.ts";
import { runningCause } from "../../../src/composition/running_cause.ts";
import { describeOnMongodb } from "../../mongodb_server/describe_on_mongodb.ts";
import { NOW } from "../../samples/dates.ts";
import { useMongoStores } from "./mongo_test_store.ts";

await describeOnMongodb("The audit trail in MongoDB", (database) => {
  const open = useMongoStores(database);

  it("P38 P10 thirty changes over two connections leave an unbroken chain", async () => {
    const { store, another = store } = await open();
    const clock = () => NOW;
    const connections = [store, another].map(
      ({ accounts, audit }) =>
        new AuditedAccounts({ accounts, audit, causes: runningCause, clock }),
    );
    const changes = connections.flatMap((accounts, connection) =>
      Array.from({ length: 15 }, (_, index) =>
        updateAccount(accounts, "clacme0001", (found) => ({
          ...found,
          customerId: `cus_${connection}_${index}`,
        })),
      ),
    );
    await Promise.all(changes);
    const chain = (await store.audit.list("clacme0001", { limit: 99 })).toReversed();
    expect(chain.map(({ revision }) => revision)).to.deep.equal(
      Array.from({ length: 30 }, (_, index) => index + 1),
    );
    let value: unknown = null;
    for (const { fields } of chain) {
      expect(fields[0]?.before).to.equal(value);
      value = fields[0]?.after;
    }
    const account = await store.accounts.find("clacme0001");
    expect(account?.customerId).to.equal(value);
    expect(account?.lastChange?.revision).to.equal(30);
  });
});
