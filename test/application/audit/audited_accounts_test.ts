import { expect } from "chai";
import { AuditedAccounts } from "../../../src/application/audit/audited_accounts.ts";
import type { AuditStore } from "../../../src/application/ports/audit/audit_store.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import type { AccountRecordStore } from "../../../src/application/ports/subscription/account_store.ts";
import { updateAccount } from "../../../src/application/subscription/update_account.ts";
import { runningCause } from "../../../src/composition/running_cause.ts";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import { accountStoreContract } from "../../contracts/account_store_contract.ts";
import { subjectOf } from "../../contracts/contract_subject.ts";
import { sqliteInFile } from "../../contracts/opened_sqlite.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { NOW } from "../../samples/dates.ts";

describe("AuditedAccounts", () => {
  const fixture = useBilling();
  let accounts: AuditedAccounts;

  function over(audit: AuditStore): AuditedAccounts {
    const clock = () => fixture.now;
    return new AuditedAccounts({
      accounts: fixture.store.accounts,
      audit,
      causes: runningCause,
      clock,
    });
  }

  const entries = () => fixture.store.audit.list(TENANT, { limit: 1_000 });
  const setCustomer = (customerId: string | null, store = accounts) =>
    updateAccount(store, TENANT, (found) => ({ ...found, customerId }));

  beforeEach(async () => {
    accounts = over(fixture.store.audit);
  });

  it("P38 a change leaves one entry with its cause, before and after", async () => {
    const cause = { type: "event", eventId: "evt_one", eventType: "customer.created" } as const;
    await runningCause.run(cause, () => setCustomer("cus_one"));
    await setCustomer(null);
    const field = "customerId";
    expect(await entries()).to.deep.equal([
      {
        tenantId: TENANT,
        revision: 2,
        at: fixture.now,
        cause: { type: "service" },
        fields: [{ field, before: "cus_one", after: null }],
      },
      {
        tenantId: TENANT,
        revision: 1,
        at: fixture.now,
        cause,
        fields: [{ field, before: null, after: "cus_one" }],
      },
    ]);
  });

  it("P38 a save that changes nothing leaves none, and keeps what the last change was", async () => {
    await setCustomer("cus_one");
    await setCustomer("cus_one");
    const account = await fixture.store.accounts.find(TENANT);
    expect(account?.revision).to.equal(2);
    expect(account?.lastChange?.revision).to.equal(1);
    expect(await entries()).to.have.length(1);
  });

  it("P38 a crash between save and entry loses nothing: the next change writes it first", async () => {
    await setCustomer("cus_one", over(unavailable(fixture.store.audit)));
    expect(await entries()).to.deep.equal([]);
    await setCustomer("cus_two");
    expect((await entries()).map(({ revision }) => revision)).to.deep.equal([2, 1]);
  });

  it("P38 no change is made while the entry of the one before cannot be written", async () => {
    const broken = over(unavailable(fixture.store.audit));
    await setCustomer("cus_one", broken);
    const failure = await setCustomer("cus_two", broken).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(PortError);
    expect((await fixture.account())?.customerId).to.equal("cus_one");
  });

  it("P38 of a change that another one beat there is no entry", async () => {
    const stale = { ...newAccount(TENANT), customerId: "cus_two" };
    await setCustomer("cus_one");
    expect(await accounts.save(stale)).to.equal("conflict");
    expect(await entries()).to.have.length(1);
  });

  it("P38 a note is an entry among the others, and changes nothing else in the account", async () => {
    await setCustomer("cus_one");
    const before = await fixture.account();
    const fields = [{ field: "duplicates.sub_new.status", before: "active", after: "canceled" }];
    await Promise.all([accounts.note({ tenantId: TENANT, fields }), setCustomer("cus_one")]);
    await setCustomer("cus_two");
    const found = await entries();
    expect(found).to.have.length(3);
    expect(found[1]).to.deep.include({ tenantId: TENANT, fields });
    const account = await fixture.account();
    expect(account).to.deep.equal({ ...before, customerId: "cus_two", revision: 4 });
  });

  it("P38 a note is not lost with the entry: a crash after its save is made good", async () => {
    const fields = [{ field: "duplicates.sub_new.status", before: "active", after: "canceled" }];
    await over(unavailable(fixture.store.audit)).note({ tenantId: TENANT, fields });
    expect(await entries()).to.deep.equal([]);
    await setCustomer("cus_one");
    expect((await entries()).map((entry) => entry.fields)).to.deep.include(fields);
  });

  it("P10 what was read or saved is asked for, not read again, and others' changes are seen", async () => {
    await setCustomer("cus_one");
    const known = await accounts.find(TENANT);
    expect(await accounts.find(TENANT)).to.equal(known);
    expect(known).to.deep.equal(await over(fixture.store.audit).find(TENANT));
    await setCustomer("cus_two", over(fixture.store.audit));
    const found = await accounts.find(TENANT);
    expect(found).to.deep.include({ customerId: "cus_two", revision: 2 });
    expect(found).to.deep.equal(await over(fixture.store.audit).find(TENANT));
  });

  it("P10 a save that was refused or failed is not remembered", async () => {
    await setCustomer("cus_one");
    const lost = new PortError("Cannot save: the answer was lost", { transient: true });
    const failing = new AuditedAccounts({
      accounts: {
        ...bound(fixture.store.accounts),
        save: async (record) => {
          await fixture.store.accounts.save({ ...record, customerId: "cus_stored" });
          throw lost;
        },
      },
      audit: fixture.store.audit,
      causes: runningCause,
      clock: () => fixture.now,
    });
    expect(await setCustomer("cus_two", failing).catch((error: unknown) => error)).to.equal(lost);
    expect(await failing.find(TENANT)).to.deep.include({ customerId: "cus_stored", revision: 2 });
  });

  it("P38 P10 forty changes at once leave an unbroken chain of forty entries", async () => {
    await Promise.all(Array.from({ length: 40 }, (_, index) => setCustomer(`cus_${index}`)));
    const chain = (await entries()).toReversed();
    expect(chain.map(({ revision }) => revision)).to.deep.equal(
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
    let value: unknown = null;
    for (const { fields } of chain) {
      expect(fields).to.have.length(1);
      expect(fields[0]?.before).to.equal(value);
      value = fields[0]?.after;
    }
    expect((await fixture.account())?.customerId).to.equal(value);
  });
});

function bound(accounts: AccountRecordStore): AccountRecordStore {
  return {
    find: (tenantId, known) => accounts.find(tenantId, known),
    findByCustomer: (customerId) => accounts.findByCustomer(customerId),
    save: (record) => accounts.save(record),
    list: (page) => accounts.list(page),
  };
}

function unavailable(audit: AuditStore): AuditStore {
  return {
    append: () => Promise.reject(new PortError("Cannot append: it is down", { transient: true })),
    list: (tenantId, page) => audit.list(tenantId, page),
  };
}

accountStoreContract(
  "AuditedAccounts",
  subjectOf(
    sqliteInFile,
    ({ accounts, audit }) =>
      new AuditedAccounts({ accounts, audit, causes: runningCause, clock: () => NOW }),
  ),
);
