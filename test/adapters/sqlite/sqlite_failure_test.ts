import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { sqliteFailure, violatedIndex } from "../../../src/adapters/sqlite/sqlite_failure.ts";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { expectPortError } from "../../contracts/contract_subject.ts";
import { useTemporaryFolder } from "../../rig/temporary_folder.ts";
import { fullAccount } from "../../samples/account.ts";
import { fullCatalog } from "../../samples/catalog.ts";
import { NOW } from "../../samples/dates.ts";
import { fullEvent } from "../../samples/events.ts";
import { sampleEntry } from "../../samples/ledger.ts";

function sqliteError(message: string, errcode: number): Error {
  return Object.assign(new Error(message), { code: "ERR_SQLITE_ERROR", errcode });
}

describe("sqliteFailure", () => {
  it("P08 is transient for failures that can pass by themselves", () => {
    const passing = { BUSY: 5, LOCKED: 6, NOMEM: 7, IOERR: 10, FULL: 13, PROTOCOL: 15 };
    for (const [name, code] of Object.entries(passing)) {
      for (const extended of [code, code | (1 << 8), code | (3 << 8)]) {
        const failure = sqliteFailure("save", sqliteError(name, extended));
        expect(failure.transient, `${name} ${extended}`).to.equal(true);
      }
    }
  });

  it("is not transient for anything else", () => {
    const lasting = {
      ERROR: 1,
      READONLY: 8,
      CORRUPT: 11,
      CANTOPEN: 14,
      CONSTRAINT: 19,
      NOTADB: 26,
    };
    for (const [name, code] of Object.entries(lasting)) {
      expect(sqliteFailure("save", sqliteError(name, code)).transient, name).to.equal(false);
    }
    expect(sqliteFailure("save", new TypeError("no")).transient).to.equal(false);
    expect(sqliteFailure("save", "text").message).to.equal("Cannot save: text");
  });

  it("says the action, then the state, and keeps the cause", () => {
    const cause = sqliteError("database is locked", 5);
    const failure = sqliteFailure("save the account", cause);
    expect(failure.message).to.equal("Cannot save the account: database is locked");
    expect(failure.cause).to.equal(cause);
    const port = new PortError("done", { transient: true });
    expect(sqliteFailure("save", port)).to.equal(port);
  });
});

describe("violatedIndex", () => {
  it("names the columns of the unique index, and nothing for other failures", () => {
    const connection = new DatabaseSync(":memory:");
    connection.exec(`
      CREATE TABLE t (a TEXT PRIMARY KEY, b INT, c INT NOT NULL CHECK (c > 0)) STRICT;
      CREATE UNIQUE INDEX t_by_b ON t (b, c);
      INSERT INTO t VALUES ('a', 1, 1)`);
    const failureOf = (values: string): unknown => {
      try {
        connection.prepare(`INSERT INTO t VALUES (${values})`).run();
      } catch (error) {
        return error;
      }
      return undefined;
    };
    expect(violatedIndex(failureOf("'a', 2, 2"))).to.equal("t.a");
    expect(violatedIndex(failureOf("'b', 1, 1"))).to.equal("t.b, t.c");
    for (const values of ["'c', 1, NULL", "'c', 1, 0", "'c', 'text', 1", "1, 2, 3, 4"]) {
      expect(failureOf(values), values).to.be.instanceOf(Error);
      expect(violatedIndex(failureOf(values)), values).to.equal(undefined);
    }
    expect(violatedIndex(new Error("UNIQUE constraint failed: t.a"))).to.equal(undefined);
    connection.close();
  });
});

describe("SqliteDatabase", () => {
  const inFolder = useTemporaryFolder();
  let store: BillingStore;
  let other: DatabaseSync;

  beforeEach(async () => {
    store = openSqliteStore(inFolder("billing.db"), { busyTimeoutMs: 1 });
    await store.accounts.save(fullAccount());
    other = new DatabaseSync(inFolder("billing.db"));
  });

  afterEach(async () => {
    other.close();
    await store.close();
  });

  it("P08 writes fail transiently while another process writes, reads do not", async () => {
    other.exec("BEGIN IMMEDIATE; DELETE FROM accounts");
    for (const call of [
      store.accounts.save(fullAccount({ revision: 1 })),
      store.ledger.append(sampleEntry(1)),
      store.inbox.receive(fullEvent("evt_1"), NOW),
      store.inbox.claim("evt_1", { token: "a", now: NOW, until: NOW }),
      store.inbox.settle("evt_1", "a", { state: "done" }),
      store.catalog.save(fullCatalog()),
    ]) {
      const error = await expectPortError(call);
      expect(error.transient).to.equal(true);
      expect(error.cause).to.include({ errcode: 5 });
    }
    expect(await store.accounts.find("clacme0001")).to.deep.equal(fullAccount({ revision: 1 }));
    other.exec("ROLLBACK");
    expect(await store.accounts.save(fullAccount({ revision: 1 }))).to.equal("saved");
  });

  it("a violated constraint without a meaning is a lasting failure, not an outcome", async () => {
    other.exec("CREATE UNIQUE INDEX accounts_by_checkout ON accounts (checkout)");
    const clash = fullAccount({ tenantId: "t_other", customerId: "cus_other" });
    const error = await expectPortError(store.accounts.save(clash));
    expect(error.message).to.include("UNIQUE constraint failed: accounts.checkout");
    expect(error.transient).to.equal(false);
  });

  it("P11 invalid dates and what is no text or integer are refused, not stored", async () => {
    const never = new Date(Number.NaN);
    await expectPortError(store.inbox.receive(fullEvent("evt_1"), never));
    await expectPortError(store.inbox.receive(fullEvent("evt_1", { createdAt: never }), NOW));
    expect(await store.inbox.find("evt_1")).to.equal(undefined);
    await expectPortError(store.ledger.append(sampleEntry(1, { at: never })));
    await expectPortError(store.ledger.append(sampleEntry(1, { amount: 0.5 })));
    await expectPortError(store.ledger.append(sampleEntry(1, { amount: Number.NaN })));
    expect(await store.ledger.last("clacme0001")).to.equal(undefined);
    await expectPortError(store.accounts.save(fullAccount({ revision: 1, knownSince: never })));
    expect((await store.accounts.find("clacme0001"))?.revision).to.equal(1);
  });

  it("a failed claim leaves the event claimable", async () => {
    await store.inbox.receive(fullEvent("evt_1"), NOW);
    const lease = { token: "a", now: NOW, until: new Date(+NOW + 1) };
    other.exec("BEGIN IMMEDIATE");
    await expectPortError(store.inbox.claim("evt_1", lease));
    other.exec("ROLLBACK");
    expect((await store.inbox.claim("evt_1", lease))?.attempts).to.equal(1);
  });
});
