import { existsSync } from "node:fs";
import { expect } from "chai";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import { openMongodb } from "../../src/composition/connect_billing.ts";
import type { Settings } from "../../src/composition/settings.ts";
import { migrateStore, operateIndexes } from "../../src/composition/store_operations.ts";
import { newAccount } from "../../src/domain/subscription/billing_account.ts";
import { SettingsError } from "../../src/kit/settings_error.ts";
import { describeOnMongodb, dropDatabase } from "../mongodb_server/describe_on_mongodb.ts";
import { settingsOf } from "../rig/settings_of.ts";
import { useTemporaryFolder } from "../rig/temporary_folder.ts";
import { sampleCatalog } from "../samples/catalog.ts";

await describeOnMongodb("Operations on databases", ({ url }) => {
  const inFolder = useTemporaryFolder();
  let settings: Settings;

  beforeEach(async () => {
    settings = settingsOf({ SQLITE_PATH: inFolder("billing.db"), MONGODB_URL: url });
    await dropDatabase(url);
  });

  it("check names every missing index, sync creates them", async () => {
    const before = await operateIndexes(settings, "check");
    expect(before.missing).to.include.members([
      "ledger_entries.tenantId_seq_unique",
      "billing_customers.complete",
    ]);
    const complete = { missing: [], different: [] };
    expect(await operateIndexes(settings, "sync")).to.deep.equal(complete);
    expect(await operateIndexes(settings, "check")).to.deep.equal(complete);
  });

  it("migrate copies SQLite into MongoDB with its indexes, shows progress, can be repeated", async () => {
    const source = openSqliteStore(settings.sqlitePath);
    await source.catalog.save({ ...sampleCatalog(), revision: 0 });
    await source.accounts.save({ ...newAccount("clmoved0001"), customerId: "cus_moved" });
    await source.close();
    const printed: string[] = [];
    const move = {
      from: "sqlite",
      to: "mongodb",
      onProgress: (line: string) => printed.push(line),
    };
    const first = await migrateStore(settings, move as Parameters<typeof migrateStore>[1]);
    expect(first.problems).to.deep.equal([]);
    expect(first.counts).to.include({ accounts: 1 });
    expect(printed).to.include("copy: 1 account").and.to.include("compare: 1 account");
    const target = await openMongodb(settings);
    expect(await target.accounts.findByCustomer("cus_moved")).to.include({
      tenantId: "clmoved0001",
      revision: 1,
    });
    expect(await target.missingIndexes()).to.deep.equal([]);
    await target.close();
    const again = await migrateStore(settings, move as Parameters<typeof migrateStore>[1]);
    expect(again).to.deep.equal(first);
  });

  it("migrate says so when the target has something else", async () => {
    const source = openSqliteStore(settings.sqlitePath);
    await source.accounts.save({ ...newAccount("clmoved0001"), customerId: "cus_here" });
    await source.close();
    const target = await openMongodb(settings);
    await target.accounts.save({ ...newAccount("clmoved0001"), customerId: "cus_there" });
    await target.close();
    const onProgress = () => undefined;
    const moved = await migrateStore(settings, { from: "sqlite", to: "mongodb", onProgress });
    expect(moved.problems.join()).to.include("clmoved0001");
  });

  it("migrate refuses to copy a database that is not there, and makes none", async () => {
    const nowhere = { ...settings, sqlitePath: inFolder("typo.db") };
    const move = { from: "sqlite", to: "mongodb", onProgress: () => {} } as const;
    const error = await migrateStore(nowhere, move).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(SettingsError);
    expect(existsSync(nowhere.sqlitePath)).to.equal(false);
  });

  it("migrate refuses to copy a database into itself", async () => {
    const moved = migrateStore(settings, { from: "sqlite", to: "sqlite", onProgress: () => {} });
    expect(await moved.catch((error: unknown) => error)).to.be.instanceOf(TypeError);
  });
});
