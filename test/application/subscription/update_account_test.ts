import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import type { AccountStore } from "../../../src/application/ports/subscription/account_store.ts";
import { updateAccount } from "../../../src/application/subscription/update_account.ts";
import {
  type BillingAccount,
  newAccount,
} from "../../../src/domain/subscription/billing_account.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";

describe("updateAccount", () => {
  const fixture = useBilling();
  let accounts: AccountStore;

  beforeEach(async () => {
    accounts = fixture.store.accounts;
  });

  it("P10 starts from a new account and answers what is stored", async () => {
    const seen: BillingAccount[] = [];
    const account = await updateAccount(accounts, TENANT, (found) => {
      seen.push(found);
      return { ...found, customerId: "cus_one" };
    });
    expect(seen).to.deep.equal([newAccount(TENANT)]);
    expect(account).to.deep.equal({ ...newAccount(TENANT), customerId: "cus_one", revision: 1 });
    expect(await fixture.account()).to.deep.equal(account);
  });

  it("P10 saves nothing where nothing is to be changed", async () => {
    expect(await updateAccount(accounts, TENANT, () => undefined)).to.deep.equal(
      newAccount(TENANT),
    );
    expect(await fixture.account()).to.equal(undefined);
  });

  it("P10 decides anew on the account that another save left", async () => {
    await fixture.addCustomer();
    const seen: number[] = [];
    const account = await updateAccount(accounts, TENANT, async (found) => {
      seen.push(found.revision);
      if (seen.length <= 2) {
        await fixture.save({});
      }
      return found;
    });
    expect(seen).to.deep.equal([1, 2, 3]);
    expect(account.revision).to.equal(4);
  });

  it("P10 loses no change of 40 at once", async () => {
    await Promise.all(
      Array.from({ length: 40 }, () => updateAccount(accounts, TENANT, async (found) => found)),
    );
    expect((await fixture.account())?.revision).to.equal(40);
  });

  it("P16 refuses a customer that another tenant has, for good", async () => {
    await fixture.addCustomer("cus_one", "tenant_two");
    const take = updateAccount(accounts, TENANT, (found) => ({ ...found, customerId: "cus_one" }));
    expect(await take.catch((error: unknown) => error))
      .to.be.instanceOf(PortError)
      .and.deep.include({
        message: 'Cannot save the account of "clacme0001": its customer belongs to another tenant',
        transient: false,
      });
  });

  it("P10 gives up, to be tried again, when others always come first", async () => {
    let tries = 0;
    const busy = updateAccount(accounts, TENANT, async (found) => {
      tries += 1;
      await fixture.save({});
      return found;
    });
    expect(await busy.catch((error: unknown) => error))
      .to.be.instanceOf(PortError)
      .with.property("transient", true);
    expect(tries).to.equal(50);
  });
});
