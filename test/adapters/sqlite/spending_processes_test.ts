import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { temporaryFolder } from "./temporary_folder.ts";

const CHILD = fileURLToPath(new URL("spending_child.ts", import.meta.url));
const run = promisify(execFile);

describe("processes that spend from one ledger", () => {
  it("P28 192 debits over three processes sell exactly the 100 tokens there are", async () => {
    const folder = temporaryFolder();
    const path = join(folder.path, "billing.db");
    const store = openSqliteStore(path);
    await store.catalog.save({ ...sampleCatalog(), revision: 0 });
    const answers = await Promise.all(
      ["one", "two", "three"].map((name) => run(process.execPath, [CHILD, path, name])),
    );
    const sold = answers.map(({ stdout }) => Number(stdout));
    const fixture = await BillingFixture.open();
    const { verifyLedgers } = fixture.process({ store });
    const report = await verifyLedgers.execute({});
    const last = await store.ledger.last(TENANT);
    await fixture.close();
    await store.close();
    folder.remove();
    expect(sold.reduce((sum, count) => sum + count)).to.equal(100);
    expect(last).to.deep.include({ seq: 101, monthly: 0 });
    expect(report).to.deep.equal({ tenants: 1, entries: 101, damaged: [] });
  });
});
