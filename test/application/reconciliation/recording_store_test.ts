import { expect } from "chai";
import {
  RecordingAccounts,
  RecordingLedger,
} from "../../../src/application/reconciliation/recording_store.ts";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import { accountStoreContract } from "../../contracts/account_store_contract.ts";
import { appendableLedgerContract } from "../../contracts/appendable_ledger_contract.ts";
import { subjectOf } from "../../contracts/contract_subject.ts";
import { sqliteInFile } from "../../contracts/opened_sqlite.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { packEntry } from "../../samples/ledger.ts";

describe("RecordingAccounts", () => {
  it("notes what was saved through it, not what others saved or what was refused", async () => {
    const fixture = await BillingFixture.open();
    const accounts = new RecordingAccounts(fixture.store.accounts);
    const seen = (await accounts.find(TENANT)) ?? newAccount(TENANT);
    await fixture.addCustomer("cus_one");
    expect(await accounts.save({ ...seen, customerId: "cus_two" })).to.equal("conflict");
    expect(accounts.changes).to.deep.equal([]);
    const again = (await accounts.find(TENANT)) ?? expect.fail("no account");
    expect(await accounts.save({ ...again, customerId: "cus_two" })).to.equal("saved");
    expect(accounts.changes).to.deep.equal([
      { field: "customerId", before: "cus_one", after: "cus_two" },
    ]);
    expect(await accounts.findByCustomer("cus_two")).to.deep.include({ tenantId: TENANT });
    await fixture.close();
  });
});

describe("RecordingLedger", () => {
  it("notes what was appended through it, and only that", async () => {
    const fixture = await BillingFixture.open();
    await fixture.billing.grantMonthlyTokens.execute({ tenantId: TENANT });
    const ledger = new RecordingLedger(fixture.store.ledger);
    const last = await ledger.last(TENANT);
    const entry = await packEntry(last);
    expect(await ledger.append(entry)).to.equal("appended");
    expect(await ledger.append(entry)).to.equal("key_taken");
    expect(ledger.appended).to.deep.equal([entry]);
    expect(await ledger.find(TENANT, "pack:cs_1")).to.deep.equal(entry);
    await fixture.close();
  });
});

accountStoreContract(
  "RecordingAccounts",
  subjectOf(sqliteInFile, ({ accounts }) => new RecordingAccounts(accounts)),
);
appendableLedgerContract(
  "RecordingLedger",
  subjectOf(sqliteInFile, ({ ledger }) => new RecordingLedger(ledger)),
);
