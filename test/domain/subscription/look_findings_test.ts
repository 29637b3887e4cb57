import { expect } from "chai";
import type {
  SnapshotInvoice,
  SnapshotItem,
  SnapshotSubscription,
} from "../../../src/domain/subscription/customer_snapshot.ts";
import { LOOK_KINDS, lookFindings } from "../../../src/domain/subscription/look_findings.ts";
import { NO_STANDING, type Standing } from "../../../src/domain/subscription/standing.ts";
import { owedRenewal, paidStanding, sampleAccount } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import { sampleInvoice, sampleSubscription } from "../../samples/subscription.ts";

const march = monthsFrom("2026-03-10");
const NOW = at("2026-03-20");

/** What a look with that outcome finds: kind, subject, since when. */
function found(standing: Standing, reported: string[] = []) {
  const snapshot = {
    deleted: false,
    balance: 0,
    pendingLines: [],
    invoices: [sampleInvoice()],
    subscriptions: [sampleSubscription()],
  };
  const duplicates = reported.map((subscriptionId) => ({
    subscriptionId,
    keptId: "sub_kept",
    action: "report" as const,
    refunds: [],
  }));
  const items = lookFindings(sampleAccount({ standing }), snapshot, {
    duplicates,
    catalog: sampleCatalog(),
    now: NOW,
  });
  expect(LOOK_KINDS).to.include.members(items.map(({ kind }) => kind));
  return items.map(({ kind, subject, since }) => [kind, subject, since]);
}

describe("what somebody has to look at after a look (P41)", () => {
  it("is nothing where all is well, or nothing was bought", () => {
    expect(found(paidStanding(march))).to.deep.equal([]);
    expect(found(NO_STANDING)).to.deep.equal([]);
  });

  it("is a second live subscription that is only reported, since it was made", () => {
    const [item] = found(paidStanding(march), ["sub_one"]);
    expect(item).to.deep.equal(["duplicate_reported", "sub_one", at("2026-03-10")]);
  });

  it("is an unpaid invoice whose time was credited", () => {
    const standing = { ...paidStanding(march), creditedUnpaid: ["in_one"] };
    expect(found(standing)).to.deep.equal([
      ["unpaid_invoice_credited", "in_one", at("2026-03-10")],
    ]);
  });

  it("is a live subscription without a plan's price, not one that has ended", () => {
    expect(found(paidStanding(march, "pro", { item: null }))).to.deep.equal([
      ["no_plan_item", "sub_one", at("2026-03-10")],
    ]);
    const ended = paidStanding(march, "pro", { item: null, status: "canceled" });
    expect(found(ended)).to.deep.equal([]);
  });

  it("P43 is a live subscription whose tax Stripe has turned off, since its newest invoice", () => {
    const findings = (changes: Partial<SnapshotSubscription>) => {
      const { status = "active" } = changes;
      const snapshot = {
        deleted: false,
        balance: 0,
        pendingLines: [],
        subscriptions: [sampleSubscription(changes)],
        invoices: [sampleInvoice()],
      };
      const account = sampleAccount({ standing: paidStanding(march, "pro", { status }) });
      return lookFindings(account, snapshot, {
        duplicates: [],
        catalog: sampleCatalog(),
        now: NOW,
      }).map(({ kind, subject, since }) => [kind, subject, since]);
    };
    expect(findings({ taxTurnedOff: true })).to.deep.equal([
      ["tax_turned_off", "sub_one", march.start],
    ]);
    expect(findings({ taxTurnedOff: true, status: "canceled" })).to.deep.equal([]);
    expect(findings({})).to.deep.equal([]);
  });

  it("P41 is a subscription that charges for more than the one plan that counts", () => {
    const [item] = sampleSubscription().items;
    const other = { ...item, id: "si_2", productId: "prod_starter" } as SnapshotItem;
    const findings = (...items: SnapshotItem[]) => {
      const standing = paidStanding(march, "pro");
      const snapshot = {
        deleted: false,
        balance: 0,
        pendingLines: [],
        subscriptions: [sampleSubscription({ items })],
        invoices: [],
      };
      const beside = { duplicates: [], catalog: sampleCatalog(), now: NOW };
      return lookFindings(sampleAccount({ standing }), snapshot, beside).map(
        ({ kind, message }) => [kind, /for (.*), which/u.exec(message)?.[1]],
      );
    };
    const own = item as SnapshotItem;
    expect(findings(own)).to.deep.equal([]);
    expect(findings(own, { ...other, amount: 0 }), "for nothing").to.deep.equal([]);
    expect(findings(own, { ...other, licensed: false }), "by use").to.deep.equal([]);
    expect(findings(own, { ...other, productId: "prod_elsewhere" })).to.deep.equal([]);
    expect(findings(own, other)).to.deep.equal([["extra_plan_charge", "1 x starter"]]);
    expect(findings({ ...own, quantity: 3 }, { ...other, quantity: 2 })).to.deep.equal([
      ["extra_plan_charge", "2 x pro, 2 x starter"],
    ]);
  });

  it("P41 names what was paid for the time that dunning has cut, as far as it was received", () => {
    const sums = (invoice: Partial<SnapshotInvoice>) => {
      const debts = [owedRenewal(at("2026-03-12"))];
      const endedAt = at("2026-03-25T12:00:00Z");
      const standing = paidStanding(march, "pro", { status: "canceled", endedAt, debts });
      const snapshot = {
        deleted: false,
        balance: 0,
        pendingLines: [],
        subscriptions: [sampleSubscription()],
        invoices: [sampleInvoice({ status: "paid", amountPaid: 3_000, ...invoice })],
      };
      const [item] = lookFindings(sampleAccount({ standing }), snapshot, {
        duplicates: [],
        catalog: sampleCatalog(),
        now: NOW,
      });
      return /\(([^)]+)\)/u.exec(item?.message ?? "")?.[1];
    };
    expect(sums({}), "half of 31 days").to.equal("15.00 EUR");
    const discounted = { total: 1_000, amountPaid: 1_000 };
    expect(sums(discounted), "two thirds were a discount").to.equal("5.00 EUR");
    const taxed = { total: 3_570, amountPaid: 3_570 };
    expect(sums(taxed), "with its tax").to.equal("17.85 EUR");
    expect(sums({ amountPaid: 1_000 }), "no more than was received").to.equal("10.00 EUR");
    const balance = { amountPaid: 0, startingBalance: -4_000, endingBalance: -1_000 };
    expect(sums(balance), "paid by balance").to.equal("15.00 EUR");
    expect(sums({ status: "open" }), "not paid at all").to.equal(undefined);
  });

  for (const status of ["canceled", "unpaid"] as const) {
    it(`is paid time that dunning has cut by ${status}, not what somebody ended`, () => {
      const endedAt = status === "canceled" ? at("2026-03-15") : null;
      const debts = [owedRenewal(at("2026-03-12"))];
      const since = endedAt ?? at("2026-03-12");
      expect(found(paidStanding(march, "pro", { status, endedAt, debts }))).to.deep.equal([
        ["settled_period_cut", "sub_one", since],
      ]);
      expect(found(paidStanding(march, "pro", { status, endedAt }))).to.deep.equal([]);
      const later = [owedRenewal(march.end)];
      const over = endedAt && at("2026-04-20");
      const late = paidStanding(march, "pro", { status, endedAt: over, debts: later });
      expect(found(late)).to.deep.equal([]);
    });
  }
});
