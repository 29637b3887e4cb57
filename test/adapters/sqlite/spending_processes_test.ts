import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { runChild } from "../../rig/run_child.ts";
import { useTemporaryFolder } from "../../rig/temporary_folder.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";

const CHILD = new URL("spending_child.ts", import.meta.url);

describe("processes that spend from one ledger", () => {
  const inFolder = useTemporaryFolder();

  it("P28 192 debits over three processes sell exactly the 100 tokens there are", async () => {
    const path = inFolder("billing.db");
    const store = openSqliteStore(path);
    await store.catalog.save({ ...sampleCatalog(), revision: 0 });
    const answers = await Promise.all(
      ["one", "two", "three"].map((name) => runChild(CHILD, path, name)),
    );
    const sold = answers.map(({ output }) => Number(output));
    const fixture = await BillingFixture.open();
    const { verifyLedgers } = fixture.process({ store });
    const report = await verifyLedgers.execute({});
    const last = await store.ledger.last(TENANT);
    await fixture.close();
    await store.close();
    expect(sold.reduce((sum, count) => sum + count)).to.equal(100);
    expect(last).to.deep.include({ seq: 101, monthly: 0 });
    expect(report).to.deep.equal({
      tenants: 1,
      entries: 101,
      sealed: 0,
      damaged: [],
      complete: true,
    });
  });
});
