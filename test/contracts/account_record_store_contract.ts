import { expect } from "chai";
import type { AccountRecordStore } from "../../src/application/ports/subscription/account_store.ts";
import { newAccount } from "../../src/domain/subscription/billing_account.ts";
import { fullAccount, fullRecord } from "../samples/account.ts";
import { type Current, contract, it, outOfReach } from "./contract_subject.ts";

/** The behaviours that every `AccountRecordStore` has beside those of an `AccountStore`. */
export const accountRecordStoreContract = contract<AccountRecordStore>(
  "as AccountRecordStore",
  describeLastChange,
  describeKnown,
  describeList,
  outOfReach((unreachable) => [
    unreachable.find("clacme0001"),
    unreachable.findByCustomer("cus_acme"),
    unreachable.save(fullRecord()),
    unreachable.list({ limit: 1 }),
  ]),
);

function describeLastChange(current: Current<AccountRecordStore>): void {
  it("P38 save keeps the change that led to the account, exactly, with the account", async () => {
    const { store, another } = current();
    expect(await store.save(fullRecord())).to.equal("saved");
    expect(await another.find("clacme0001")).to.deep.equal({ ...fullRecord(), revision: 1 });
    const byCustomer = await another.findByCustomer("cus_acme");
    expect(byCustomer?.lastChange).to.deep.equal(fullRecord().lastChange);
  });

  it("P38 a save without a change leaves none", async () => {
    const { store } = current();
    await store.save(fullRecord());
    await store.save(fullAccount({ revision: 1 }));
    expect(await store.find("clacme0001")).to.deep.equal(fullAccount({ revision: 2 }));
  });

  it("P10 a refused save leaves the change that was there", async () => {
    const { store } = current();
    await store.save(fullRecord());
    expect(await store.save(fullAccount())).to.equal("conflict");
    expect(await store.find("clacme0001")).to.deep.equal({ ...fullRecord(), revision: 1 });
  });
}

function describeKnown(current: Current<AccountRecordStore>): void {
  it("find answers what is stored, whatever the caller knows", async () => {
    const { store, another } = current();
    const known = { ...fullRecord(), revision: 1 };
    expect(await store.find("clacme0001", known)).to.equal(undefined);
    await store.save(fullRecord());
    expect(await store.find("clacme0001", known)).to.deep.equal(known);
    await another.save({ ...known, customerId: "cus_next" });
    const next = { ...known, customerId: "cus_next", revision: 2 };
    expect(await store.find("clacme0001", known)).to.deep.equal(next);
    expect(await store.find("clacme0001", newAccount("clacme0001"))).to.deep.equal(next);
  });
}

function describeList(current: Current<AccountRecordStore>): void {
  const tenants = ["t_1", "t_10", "t_2", "t_a", "t_a_b", "t_aa"];

  it("list reads all tenants page by page, in ascending order, each field exactly", async () => {
    const { store, another } = current();
    for (const tenantId of tenants.toReversed()) {
      await store.save(fullRecord({ tenantId, customerId: `cus_${tenantId}` }));
    }
    const seen = [];
    let page = await another.list({ limit: 4 });
    while (page.length > 0) {
      seen.push(...page);
      page = await another.list({ after: seen.at(-1)?.tenantId, limit: 4 });
    }
    expect(seen).to.deep.equal(
      tenants.map((tenantId) =>
        fullRecord({ tenantId, customerId: `cus_${tenantId}`, revision: 1 }),
      ),
    );
  });

  it("list answers nothing of an empty store, after the last tenant, or where none is wanted", async () => {
    const { store } = current();
    expect(await store.list({ limit: 10 })).to.deep.equal([]);
    await store.save(fullRecord({ tenantId: "t_1" }));
    expect(await store.list({ after: "t_1", limit: 10 })).to.deep.equal([]);
    expect(await store.list({ limit: 0 })).to.deep.equal([]);
  });

  it("list goes on after a tenant that is not there", async () => {
    const { store } = current();
    for (const tenantId of tenants) {
      await store.save(newAccount(tenantId));
    }
    const page = await store.list({ after: "t_11", limit: 2 });
    expect(page.map(({ tenantId }) => tenantId)).to.deep.equal(["t_2", "t_a"]);
  });
}
