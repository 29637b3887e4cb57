import { expect } from "chai";
import { UnchangedAccounts } from "../../../src/application/quota/unchanged_accounts.ts";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import { TENANT } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";

describe("UnchangedAccounts", () => {
  const account = (revision: number, changes: object = {}) => ({
    ...newAccount(TENANT),
    revision,
    ...changes,
  });

  it("P10 knows since when an account says the same, save by save", () => {
    const accounts = new UnchangedAccounts();
    expect(accounts.since(account(4))).to.equal(4);
    accounts.note(account(4), account(5, { lookedAt: at("2026-03-15") }));
    accounts.note(account(5), account(6, { lookedAt: at("2026-03-16") }));
    expect(accounts.since(account(6))).to.equal(4);
    expect(accounts.since(account(5)), "of the latest only").to.equal(5);
  });

  it("P10 begins anew with a change, and where another process has saved in between", () => {
    const accounts = new UnchangedAccounts();
    accounts.note(account(4), account(5));
    accounts.note(account(5), account(6, { customerId: "cus_one" }));
    expect(accounts.since(account(6))).to.equal(6);
    accounts.note(account(6, { customerId: "cus_one" }), account(7));
    expect(accounts.since(account(7)), "a change back is a change").to.equal(7);
    accounts.note(account(9), account(10));
    expect(accounts.since(account(10)), "8 and 9 may have said anything").to.equal(9);
  });
});
