import { expect } from "chai";
import { ListedCustomers } from "../../../src/application/reconciliation/listed_customers.ts";
import {
  type BillingAccount,
  newAccount,
} from "../../../src/domain/subscription/billing_account.ts";
import { accountState } from "../../../src/domain/subscription/seen/seen.ts";
import { at } from "../../samples/dates.ts";

const BEGAN = at("2026-03-15T12:00:00Z");
const LOOKED = at("2026-03-15T06:00:00Z");
const NOW = at("2026-03-15T13:00:00Z");
const FACTS = { customer: 7, subscription: 2 ** 50 - 3, invoice: 1 };
const SUM = 5;

describe("ListedCustomers", () => {
  function account(changes: Partial<BillingAccount> = {}, facts = SUM): BillingAccount {
    const base = { ...newAccount("clacme0001"), customerId: "cus_1", lookedAt: LOOKED };
    const looked = { ...base, ...changes };
    return { ...looked, seen: { facts, state: accountState(looked) } };
  }

  /** Lists that name the customer, with these facts. */
  function lists(created = at("2026-03-15T05:00:00Z")): ListedCustomers {
    const listed = new ListedCustomers(BEGAN);
    listed.put("cus_1", FACTS.customer);
    listed.add("cus_1", FACTS.invoice, created);
    listed.add("cus_1", FACTS.subscription);
    listed.add("cus_2", 9);
    return listed;
  }

  it("confirm an account whose look saw the same facts, in whatever order", () => {
    expect(lists().confirm(account(), NOW)).to.equal(true);
    expect(lists().has("cus_1")).to.equal(true);
    expect(lists().has("cus_2"), "no tenant has it").to.equal(false);
  });

  it("do not confirm other facts, and a fact that is listed twice", () => {
    const twice = lists();
    twice.add("cus_1", FACTS.invoice);
    expect(twice.confirm(account(), NOW)).to.equal(false);
    expect(lists().confirm(account({}, SUM + 1), NOW)).to.equal(false);
  });

  it("do not confirm a customer that is not listed, none, and one in doubt", () => {
    const doubted = lists();
    doubted.doubt("cus_1");
    expect(doubted.confirm(account(), NOW)).to.equal(false);
    expect(doubted.confirm(account({ lookedAt: at("2026-03-15T12:00:01Z") }), NOW)).to.equal(false);
    expect(lists().confirm(account({ customerId: "cus_2" }), NOW)).to.equal(false);
    expect(lists().confirm(account({ customerId: null }), NOW)).to.equal(false);
  });

  it("do not confirm an account that is no longer what the look left", () => {
    const changed = { ...account(), inForce: ["sub_1"] };
    expect(lists().confirm(changed, NOW)).to.equal(false);
    expect(lists().confirm({ ...account(), seen: null }, NOW)).to.equal(false);
    expect(lists().confirm(account({ lookedAt: null }), NOW)).to.equal(false);
    const checkout = { ...account(), revision: 9, checkout: null };
    expect(lists().confirm(checkout, NOW), "a save that decides nothing").to.equal(true);
  });

  it("do not confirm an invoice that the look may have been too early for", () => {
    expect(lists(at("2026-03-15T05:49:59Z")).confirm(account(), NOW)).to.equal(true);
    expect(lists(at("2026-03-15T05:50:00Z")).confirm(account(), NOW)).to.equal(false);
    expect(lists(at("2026-03-15T09:00:00Z")).confirm(account(), NOW)).to.equal(false);
  });

  it("confirm whoever was looked at since they were begun, whatever they say", () => {
    const looked = account({ lookedAt: at("2026-03-15T12:00:01Z") }, 1);
    expect(lists().confirm(looked, NOW)).to.equal(true);
    expect(lists().confirm(account({ lookedAt: BEGAN }, 1), NOW)).to.equal(false);
  });

  it("do not confirm a look that a clock dated in the future, but within a minute", () => {
    const looked = (lookedAt: string) => account({ lookedAt: at(lookedAt) });
    expect(lists().confirm(looked("2026-03-15T13:01:00Z"), NOW)).to.equal(true);
    expect(lists().confirm(looked("2026-03-15T13:01:01Z"), NOW)).to.equal(false);
    expect(lists().confirm(looked("2027-03-15T13:00:00Z"), NOW)).to.equal(false);
  });

  it("confirm nobody for longer than 28 days, and everybody for 13", () => {
    const turns = new Set<number>();
    for (let number = 0; number < 300; number += 1) {
      const tenantId = `cltenant${number}`;
      const days = [...Array(30).keys()].filter((day) => {
        const lookedAt = new Date(+BEGAN - day * 86_400_000);
        return lists(new Date(0)).confirm(account({ tenantId, lookedAt }), NOW);
      });
      expect(days).to.deep.equal([...days.keys()]);
      turns.add(days.length);
    }
    expect([...turns].toSorted((a, b) => a - b)).to.deep.equal(
      Array.from({ length: 15 }, (_, index) => 14 + index),
    );
  });
});
