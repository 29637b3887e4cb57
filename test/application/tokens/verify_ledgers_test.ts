import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { temporaryFolder } from "../../rig/temporary_folder.ts";
import { TENANT } from "../../samples/account.ts";

describe("VerifyLedgers", () => {
  const folder = temporaryFolder();
  after(() => folder.remove());
  let files = 0;
  let fixture: BillingFixture;
  let billing: BillingFixture["billing"];
  let store: BillingFixture["store"];
  let path: string;

  beforeEach(async () => {
    files += 1;
    path = `${folder.path}/${files}.db`;
    fixture = await BillingFixture.open();
    store = openSqliteStore(path);
    const catalog = await fixture.store.catalog.read();
    await store.catalog.save({ ...(catalog ?? fail()), revision: 0 });
    billing = fixture.process({ store });
    for (const tenantId of [TENANT, "other_tenant"]) {
      for (let call = 1; call <= 9; call += 1) {
        await billing.spendTokens.execute({ tenantId, key: `call-${call}`, tokens: 2 });
      }
    }
  });
  afterEach(async () => {
    await store.close();
    await fixture.close();
  });

  function fail(): never {
    throw new Error("Cannot prepare the store: there is no catalogue");
  }

  /** What somebody with access to the database can do. */
  function tamper(sql: string): void {
    const connection = new DatabaseSync(path);
    connection.exec(sql);
    connection.close();
  }

  const verify = (tenantId?: string) => billing.verifyLedgers.execute({ tenantId });
  const spend = (key: string, tenantId = TENANT) =>
    billing.spendTokens.execute({ tenantId, key, tokens: 1 });
  const where = `tenant_id = '${TENANT}' AND seq = 5`;

  it("P30 finds nothing in sound ledgers, and says how far it is", async () => {
    const seen: string[] = [];
    const report = await billing.verifyLedgers.execute({
      onProgress: ({ tenantId, entries }) => seen.push(`${tenantId} ${entries}`),
    });
    expect(report).to.deep.equal({
      tenants: 2,
      entries: 20,
      sealed: 0,
      damaged: [],
      complete: true,
    });
    expect(seen).to.deep.equal([`${TENANT} 10`, "other_tenant 20"]);
  });

  it("P30 checks one tenant where it is told to", async () => {
    tamper("UPDATE ledger_entries SET amount = -1 WHERE tenant_id = 'other_tenant' AND seq = 5");
    expect(await verify(TENANT)).to.deep.equal({
      tenants: 1,
      entries: 10,
      sealed: 0,
      damaged: [],
      complete: true,
    });
    expect((await verify("other_tenant")).damaged).to.have.length(1);
  });

  const changes: Record<string, string> = {
    amount: "amount = -1",
    balance: "monthly = monthly + 1",
    packs: "packs = 5",
    debt: "debt = 5",
    reserved: "reserved = 5",
    key: "key = 'debit:other'",
    kind: "kind = 'adjustment'",
    time: "at = at + 1",
    reason: "reason = 'other'",
    source: "source = NULL",
    halt: "halted = 1",
    months: "months = NULL",
    grant: `month_grant = '{"key":"grant:a","tokens":1,"expiresAt":1}'`,
    "hash before": "previous_hash = ''",
    hash: "hash = 'a'",
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`P30 finds the entry whose ${what} was changed, at its position`, async () => {
      tamper(`UPDATE ledger_entries SET ${change} WHERE ${where}`);
      const { damaged } = await verify();
      expect(damaged.map(({ tenantId }) => tenantId)).to.deep.equal([TENANT]);
      expect(damaged[0]?.problems[0]?.seq).to.equal(5);
    });
  }

  it("P30 finds where an entry was removed", async () => {
    tamper(`DELETE FROM ledger_entries WHERE ${where}`);
    const [found] = (await verify()).damaged;
    expect(found?.problems[0]).to.deep.equal({ seq: 6, message: "it should have number 5" });
  });

  it("P30 finds where the first entry was removed", async () => {
    tamper(`DELETE FROM ledger_entries WHERE tenant_id = '${TENANT}' AND seq = 1`);
    expect((await verify()).damaged[0]?.problems[0]?.seq).to.equal(2);
  });

  it("P30 finds an entry that was inserted before the first", async () => {
    tamper(`CREATE TEMP TABLE inserted AS SELECT * FROM ledger_entries WHERE ${where};
      UPDATE inserted SET seq = 0, key = 'debit:z';
      INSERT INTO ledger_entries SELECT * FROM inserted;
      DROP TABLE inserted`);
    expect((await verify()).damaged[0]?.problems[0]?.seq).to.equal(0);
  });

  it("P30 finds an entry twice under one key, where no index guards it any more", async () => {
    tamper(`DROP INDEX ledger_entries_by_key;
      UPDATE ledger_entries SET key = 'debit:call-1' WHERE ${where}`);
    const messages = (await verify()).damaged[0]?.problems.map(({ message }) => message);
    expect(messages).to.include("its key is that of an earlier entry");
  });

  it("P30 halts the spending of that tenant only, at once and in every process", async () => {
    tamper(`UPDATE ledger_entries SET amount = -1 WHERE ${where}`);
    const other = fixture.process({ store });
    await verify();
    expect((await spend("more")).type).to.equal("spending_halted");
    const held = { tenantId: TENANT, key: "job-1", tokens: 1 };
    expect((await other.reserveTokens.execute(held)).type).to.equal("spending_halted");
    expect((await spend("more", "other_tenant")).type).to.equal("recorded");
    expect(await store.ledger.last(TENANT)).to.deep.include({
      kind: "adjustment",
      amount: 0,
      halted: true,
      source: "operator:ledger verify",
    });
  });

  it("P28 still answers what was spent before, while spending is halted", async () => {
    const first = await spend("call-x");
    tamper(`UPDATE ledger_entries SET amount = -1 WHERE ${where}`);
    await verify();
    expect(await spend("call-x")).to.deep.equal(first);
  });

  it("P30 halts once, however often it finds the same", async () => {
    tamper(`UPDATE ledger_entries SET amount = -1 WHERE ${where}`);
    await verify();
    await verify();
    expect(await store.ledger.last(TENANT)).to.deep.include({ seq: 11 });
  });

  it("P30 reports what an operator has seen, and halts only for what is new", async () => {
    tamper(`UPDATE ledger_entries SET amount = -1 WHERE ${where}`);
    await verify();
    const operator = { tenantId: TENANT, reason: "checked by hand", operator: "Ada" };
    expect(await billing.resumeSpending.execute(operator)).to.equal(true);
    const [found] = (await verify()).damaged;
    expect(found).to.deep.include({ acknowledged: true });
    expect((await spend("more")).type).to.equal("recorded");
    tamper(`UPDATE ledger_entries SET amount = -9 WHERE tenant_id = '${TENANT}' AND seq = 13`);
    expect((await verify()).damaged[0]).to.deep.include({ acknowledged: false });
    expect((await spend("again")).type).to.equal("spending_halted");
  });
});
