import { expect } from "chai";
import type { AccountStore } from "../../src/application/ports/subscription/account_store.ts";
import { newAccount } from "../../src/domain/subscription/billing_account.ts";
import { fullAccount } from "../samples/account.ts";
import { type Current, inParallel, it, tally } from "./contract_subject.ts";

/** Declares what an `AccountStore` promises about customers; part of `accountStoreContract`. */
export function describeCustomers(current: Current<AccountStore>): void {
  it("findByCustomer answers the account that has the customer now", async () => {
    const { store, another } = current();
    const account = fullAccount();
    await store.save(account);
    await store.save(fullAccount({ tenantId: "t_other", customerId: "cus_other" }));
    expect(await another.findByCustomer("cus_acme")).to.deep.equal({ ...account, revision: 1 });
    await store.save({ ...account, revision: 1, customerId: "cus_next" });
    expect(await another.findByCustomer("cus_acme")).to.equal(undefined);
    expect((await another.findByCustomer("cus_next"))?.tenantId).to.equal("clacme0001");
  });

  it("findByCustomer answers undefined for a customer that nobody has", async () => {
    const { store } = current();
    await store.save(newAccount("clacme0001"));
    await store.save(fullAccount({ tenantId: "t_other" }));
    for (const customerId of ["cus_unknown", "CUS_ACME", "cus_acm", "", "null"]) {
      expect(await store.findByCustomer(customerId), customerId).to.equal(undefined);
    }
  });

  it("P16 save answers customer_taken for another tenant's customer, changes nothing", async () => {
    const { store, another } = current();
    const owner = fullAccount();
    await store.save(owner);
    const fresh = fullAccount({ tenantId: "t_fresh" });
    expect(await another.save(fresh)).to.equal("customer_taken");
    expect(await store.find("t_fresh")).to.equal(undefined);
    await store.save(newAccount("t_known"));
    const known = fullAccount({ tenantId: "t_known", revision: 1 });
    expect(await another.save(known)).to.equal("customer_taken");
    expect(await store.find("t_known")).to.deep.equal({ ...newAccount("t_known"), revision: 1 });
    expect(await store.findByCustomer("cus_acme")).to.deep.equal({ ...owner, revision: 1 });
  });

  it("P16 a repeated first save with the same customer is a conflict", async () => {
    const { store, another } = current();
    await store.save(fullAccount());
    expect(await another.save(fullAccount())).to.equal("conflict");
    expect(await another.save(fullAccount({ revision: 1 }))).to.equal("saved");
  });

  it("P16 save changes nothing when it is stale and its customer is taken as well", async () => {
    const { store } = current();
    await store.save(fullAccount());
    await store.save(newAccount("t_known"));
    const stale = fullAccount({ tenantId: "t_known", revision: 0 });
    expect(await store.save(stale)).to.be.oneOf(["conflict", "customer_taken"]);
    expect(await store.find("t_known")).to.deep.equal({ ...newAccount("t_known"), revision: 1 });
  });

  it("P16 of 20 tenants that claim one customer at once exactly one gets it", async () => {
    const { store, another } = current();
    const answers = await inParallel({ store, another }, 20, (connection, index) =>
      connection.save(fullAccount({ tenantId: `t_tenant${index}` })),
    );
    expect(tally(answers)).to.deep.equal({ saved: 1, customer_taken: 19 });
    const owner = await store.findByCustomer("cus_acme");
    expect(owner?.tenantId).to.equal(`t_tenant${answers.indexOf("saved")}`);
  });

  it("any number of tenants have no customer", async () => {
    const { store, another } = current();
    const answers = await inParallel({ store, another }, 10, (connection, index) =>
      connection.save(newAccount(`t_tenant${index}`)),
    );
    expect(tally(answers)).to.deep.equal({ saved: 10 });
  });

  it("a customer that its tenant gave up can be another's", async () => {
    const { store } = current();
    await store.save(fullAccount());
    await store.save(fullAccount({ revision: 1, customerId: null }));
    const next = fullAccount({ tenantId: "t_next" });
    expect(await store.save(next)).to.equal("saved");
    expect((await store.findByCustomer("cus_acme"))?.tenantId).to.equal("t_next");
  });
}
