import { expect } from "chai";
import {
  DryRunAccounts,
  DryRunLedger,
} from "../../../src/application/reconciliation/dry_run_store.ts";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import { accountStoreContract } from "../../contracts/account_store_contract.ts";
import { appendableLedgerContract } from "../../contracts/appendable_ledger_contract.ts";
import { subjectOf } from "../../contracts/contract_subject.ts";
import { sqliteInMemory } from "../../contracts/opened_sqlite.ts";
import { BillingFixture, useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { packEntry } from "../../samples/ledger.ts";

describe("DryRunAccounts", () => {
  const fixture = useBilling();
  let accounts: DryRunAccounts;

  beforeEach(async () => {
    await fixture.addCustomer("cus_one");
    accounts = new DryRunAccounts(fixture.store.accounts);
  });

  it("shows what is stored, then what was saved; the store beneath stays as it was", async () => {
    const stored = await accounts.find(TENANT);
    expect(stored).to.deep.include({ customerId: "cus_one", revision: 1 });
    expect(await accounts.save({ ...newAccount(TENANT), revision: 1 })).to.equal("saved");
    expect(await accounts.find(TENANT)).to.deep.equal({ ...newAccount(TENANT), revision: 2 });
    expect(await accounts.findByCustomer("cus_one")).to.equal(undefined);
    expect(await fixture.store.accounts.find(TENANT)).to.deep.equal(stored);
  });

  it("finds by a customer that was only rehearsed", async () => {
    await accounts.save({ ...newAccount("tenant_two"), customerId: "cus_two" });
    expect(await accounts.findByCustomer("cus_two")).to.deep.include({ tenantId: "tenant_two" });
    expect(await fixture.store.accounts.findByCustomer("cus_two")).to.equal(undefined);
  });

  it("P10 refuses stale revisions and customers of others, like a store", async () => {
    expect(await accounts.save(newAccount(TENANT))).to.equal("conflict");
    const taking = { ...newAccount("tenant_two"), customerId: "cus_one" };
    expect(await accounts.save(taking)).to.equal("customer_taken");
    expect(await accounts.find("tenant_two")).to.equal(undefined);
  });
});

describe("DryRunLedger", () => {
  it("appends on top of what is stored, once per key and number, and stores nothing", async () => {
    const fixture = await BillingFixture.open();
    await fixture.billing.grantMonthlyTokens.execute({ tenantId: TENANT });
    const ledger = new DryRunLedger(fixture.store.ledger);
    const last = await ledger.last(TENANT);
    const entry = await packEntry(last);
    expect(await ledger.append({ ...entry, seq: 1 })).to.equal("seq_taken");
    expect(await ledger.append(entry)).to.equal("appended");
    expect(await ledger.append({ ...entry, seq: 3 })).to.equal("key_taken");
    expect(await ledger.last(TENANT)).to.deep.equal(entry);
    expect(await ledger.last("tenant_two")).to.equal(undefined);
    expect(await ledger.find(TENANT, "pack:cs_1")).to.deep.equal(entry);
    expect(await ledger.find(TENANT, last?.key ?? "")).to.deep.equal(last);
    expect(await fixture.ledger()).to.deep.equal([last]);
    await fixture.close();
  });
});

accountStoreContract(
  "DryRunAccounts",
  subjectOf(sqliteInMemory, ({ accounts }) => new DryRunAccounts(accounts)),
);
appendableLedgerContract(
  "DryRunLedger",
  subjectOf(sqliteInMemory, ({ ledger }) => new DryRunLedger(ledger)),
);
