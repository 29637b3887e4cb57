import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { expectPortError } from "../../contracts/contract_subject.ts";
import { useTemporaryFolder } from "../../rig/temporary_folder.ts";
import { fullAccount } from "../../samples/account.ts";
import { fullCatalog } from "../../samples/catalog.ts";
import { NOW } from "../../samples/dates.ts";
import { fullEvent } from "../../samples/events.ts";
import { sampleEntry } from "../../samples/ledger.ts";

describe("openSqliteStore", () => {
  const inFolder = useTemporaryFolder();

  function expectRefusal(path: string, options?: { busyTimeoutMs: number }): PortError {
    try {
      openSqliteStore(path, options);
    } catch (error) {
      expect(error).to.be.instanceOf(PortError);
      return error as PortError;
    }
    return expect.fail("the store was opened");
  }

  it("creates the file and its folders", async () => {
    const path = inFolder("a", "b", "billing.db");
    await openSqliteStore(path).close();
    expect(existsSync(path)).to.equal(true);
  });

  it("P03 what was answered is there after the file is opened again", async () => {
    const path = inFolder("billing.db");
    const first = openSqliteStore(path);
    await first.accounts.save(fullAccount());
    await first.ledger.append(sampleEntry(1));
    await first.inbox.receive(fullEvent("evt_1"), NOW);
    await first.catalog.save(fullCatalog());
    await first.close();
    const again = openSqliteStore(path);
    expect(await again.accounts.find("clacme0001")).to.deep.equal(fullAccount({ revision: 1 }));
    expect(await again.ledger.last("clacme0001")).to.deep.equal(sampleEntry(1));
    expect((await again.inbox.find("evt_1"))?.event).to.deep.equal(fullEvent("evt_1"));
    expect(await again.catalog.read()).to.deep.equal(fullCatalog({ revision: 1 }));
    await again.close();
  });

  it("reads a catalogue of before a limit existed, and of before packs", async () => {
    const path = inFolder("billing.db");
    const store = openSqliteStore(path);
    await store.catalog.save(fullCatalog());
    const database = new DatabaseSync(path);
    database.exec(`UPDATE catalog SET
      content = json_remove(content, '$.plans[0].maxMembers', '$.packs')`);
    database.close();
    const read = await store.catalog.read();
    expect(read?.plans[0]).to.include({ maxDomains: 1, maxMembers: null });
    expect(read?.packs).to.deep.equal([]);
    await store.close();
  });

  it("keeps stores in memory apart", async () => {
    const one = openSqliteStore(":memory:");
    const two = openSqliteStore(":memory:");
    await one.accounts.save(fullAccount());
    expect(await two.accounts.find("clacme0001")).to.equal(undefined);
    await one.close();
    await two.close();
  });

  it("writes ahead to a log, syncs every commit", async () => {
    const store = openSqliteStore(inFolder("billing.db"));
    await store.accounts.save(fullAccount());
    expect(existsSync(inFolder("billing.db-wal"))).to.equal(true);
    const header = readFileSync(inFolder("billing.db"));
    expect([header[18], header[19]]).to.deep.equal([2, 2]);
    await store.close();
    expect(existsSync(inFolder("billing.db-wal"))).to.equal(false);
  });

  it("refuses a file that is not a database, leaves it as it is", () => {
    const path = inFolder("notes.txt");
    const text = "These are notes, not a database. ".repeat(100);
    writeFileSync(path, text);
    const error = expectRefusal(path);
    expect(error.message).to.equal(`Cannot open the store "${path}": file is not a database`);
    expect(error.transient).to.equal(false);
    expect(error.cause).to.be.instanceOf(Error);
    expect(readFileSync(path, "utf8")).to.equal(text);
  });

  for (const before of [null, 0o644] as const) {
    it(`lets the owner alone read its files, ${before === null ? "new" : "older"} ones`, async () => {
      const path = inFolder("owned.db");
      if (before !== null) {
        writeFileSync(path, "");
        chmodSync(path, before);
      }
      const store = openSqliteStore(path);
      for (const file of [path, `${path}-wal`, `${path}-shm`]) {
        expect(statSync(file).mode & 0o777, file).to.equal(0o600);
      }
      await store.close();
    });
  }

  it("refuses a folder that cannot be made and a path that is a folder", () => {
    writeFileSync(inFolder("file"), "");
    const below = expectRefusal(inFolder("file", "billing.db"));
    expect(below.message).to.match(/^Cannot open the store ".*billing\.db": /);
    expect(below.transient).to.equal(false);
    mkdirSync(inFolder("folder"));
    const folder = expectRefusal(inFolder("folder"));
    expect(folder.message).to.include("unable to open database file");
    expect(expectRefusal("").message).to.include("unable to open database file");
  });

  it("P08 fails transiently while another process keeps the file locked", async () => {
    const path = inFolder("billing.db");
    const other = new DatabaseSync(path);
    other.exec("BEGIN EXCLUSIVE");
    const error = expectRefusal(path, { busyTimeoutMs: 1 });
    expect(error.message).to.equal(`Cannot open the store "${path}": database is locked`);
    expect(error.transient).to.equal(true);
    other.close();
    await openSqliteStore(path).close();
  });

  it("refuses a database with a newer schema, leaves it as it is", async () => {
    const path = inFolder("billing.db");
    await openSqliteStore(path).close();
    const raw = new DatabaseSync(path);
    raw.exec("PRAGMA user_version = 99");
    raw.close();
    const error = expectRefusal(path);
    expect(error.message).to.match(
      /^Cannot open the store ".*": its schema has version 99, and this release only knows /,
    );
    expect(error.transient).to.equal(false);
    const after = new DatabaseSync(path);
    expect(after.prepare("PRAGMA user_version").get()).to.deep.include({ user_version: 99 });
    after.close();
  });

  it("answers PortError, not other values, for a damaged file", async () => {
    const path = inFolder("billing.db");
    const store = openSqliteStore(path);
    await store.accounts.save(fullAccount());
    await store.close();
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xff, 4_096));
    const error = await expectPortError(
      Promise.resolve().then(() => openSqliteStore(path).accounts.find("clacme0001")),
    );
    expect(error.message).to.include("malformed");
    expect(error.transient).to.equal(false);
  });

  it("refuses a database of ours that lacks a table", async () => {
    const path = inFolder("billing.db");
    await openSqliteStore(path).close();
    const raw = new DatabaseSync(path);
    raw.exec("DROP TABLE catalog");
    raw.close();
    const error = expectRefusal(path);
    expect(error.message).to.equal(`Cannot open the store "${path}": no such table: catalog`);
  });

  it("close makes every later call fail, names the state, and can be repeated", async () => {
    const store = openSqliteStore(inFolder("billing.db"));
    await store.close();
    await store.close();
    const error = await expectPortError(store.accounts.find("clacme0001"));
    expect(error.message).to.equal("Cannot read the account: the store is closed");
    expect(error.transient).to.equal(false);
  });
});
