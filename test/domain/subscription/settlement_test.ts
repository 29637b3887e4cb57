import { expect } from "chai";
import type { SnapshotInvoice } from "../../../src/domain/subscription/customer_snapshot.ts";
import { at } from "../../samples/dates.ts";
import {
  credit,
  entitled,
  FEB,
  invoice,
  item,
  JAN,
  line,
  snapshot,
  subscription,
} from "../../samples/snapshot.ts";

const FROM_10 = { start: at("2027-02-10"), end: at("2027-03-10") };
const FROM_12 = { start: at("2027-02-12"), end: at("2027-03-12") };
const PAID_JAN = invoice("in_1", "first", [line("pro", JAN)]);
const OPEN_FEB = invoice("in_2", "renewal", [line("pro", FEB)], { status: "open" });

/** Why the tenant has what it has on 14 February, with these invoices after January's. */
function reason(period: typeof FEB, ...invoices: readonly SnapshotInvoice[]): string {
  const found = snapshot([subscription(period)], [PAID_JAN, ...invoices]);
  return entitled(found, at("2027-02-14")).reason;
}

describe("what is settled (P24, P36)", () => {
  it("is no change that credits an unpaid invoice, named by the credit or found by its time", () => {
    const named = credit("pro", FROM_10.start, FEB, "in_2");
    for (const one of [named, { ...named, credited: [] }]) {
      const change = invoice("in_3", "change", [one, line("pro", FROM_10)]);
      expect(reason(FROM_10, OPEN_FEB, change)).to.equal("change_owed");
    }
  });

  it("is nothing in a chain of credits that begins with an unpaid invoice", () => {
    const first = invoice("in_3", "change", [
      credit("pro", FROM_10.start, FEB, "in_2"),
      line("pro", FROM_10),
    ]);
    const second = invoice("in_4", "change", [
      credit("pro", FROM_12.start, FROM_10, "in_3"),
      line("pro", FROM_12),
    ]);
    expect(reason(FROM_12, OPEN_FEB, first, second)).to.equal("change_owed");
  });

  it("is nothing by balance or over nothing once unpaid time was credited, but by money", () => {
    const credited = invoice("in_3", "change", [
      credit("pro", FROM_10.start, FEB, "in_2"),
      line("pro", FROM_10),
    ]);
    const later = (changes: Partial<SnapshotInvoice>) =>
      reason(
        FROM_12,
        OPEN_FEB,
        credited,
        invoice("in_4", "change", [line("pro", FROM_12)], changes),
      );
    expect(later({})).to.equal("in_good_standing");
    expect(later({ total: 0 })).to.equal("change_owed");
    expect(later({ startingBalance: -1_000, endingBalance: 0 })).to.equal("change_owed");
  });

  it("ends earlier debts where it really settled, and not where it only counts as settled", () => {
    const later = (changes: Partial<SnapshotInvoice>) =>
      reason(FROM_10, OPEN_FEB, invoice("in_3", "renewal", [line("pro", FROM_10)], changes));
    expect(later({})).to.equal("in_good_standing");
    expect(later({ status: "open", dueAt: at("2027-03-20") })).to.equal("renewal_in_grace");
    expect(later({ status: "open" })).to.equal("renewal_in_grace");
  });

  it("is not owed where it was billed by hand or by a threshold", () => {
    for (const why of ["manual", "subscription_threshold"] as const) {
      const open = invoice("in_3", why, [line("pro", FEB)], { status: "open" });
      expect(reason(FEB, invoice("in_2", "renewal", [line("pro", FEB)]), open)).to.equal(
        "in_good_standing",
      );
    }
  });

  it("is the plan of the line that ends last, then of the highest rank", () => {
    const both = invoice("in_2", "renewal", [line("starter", FEB), line("business", FEB)]);
    const march = { start: FEB.end, end: at("2027-04-01") };
    const declined = invoice("in_3", "renewal", [line("business", march)], { status: "open" });
    const items = [item("business", march)];
    const found = snapshot(
      [subscription(march, { items, status: "past_due" })],
      [PAID_JAN, both, declined],
    );
    const { plan, reason: why } = entitled(found, at("2027-03-05"));
    expect([plan.slug, why]).to.deep.equal(["business", "renewal_in_grace"]);
  });

  it("lets grace count from the oldest debt: its due date, else when it was finalised", () => {
    const ends = (changes: Partial<SnapshotInvoice>) => {
      const owed = invoice("in_2", "renewal", [line("pro", FEB)], { status: "open", ...changes });
      const next = invoice("in_3", "renewal", [line("pro", FROM_10)], { status: "open" });
      const found = snapshot([subscription(FROM_10)], [PAID_JAN, owed, next]);
      return entitled(found, at("2027-02-15")).graceEndsAt;
    };
    expect(ends({ finalizedAt: at("2027-02-02") })).to.deep.equal(at("2027-02-16"));
    expect(ends({ dueAt: at("2027-02-05") })).to.deep.equal(at("2027-02-19"));
  });

  it("is by balance again once the credited time was paid, though its subscription had ended", () => {
    const ended = {
      ...subscription(FROM_10),
      status: "canceled",
      endedAt: at("2027-02-11"),
    } as const;
    const credited = invoice("in_3", "change", [
      credit("pro", FROM_10.start, FEB, "in_2"),
      line("pro", FROM_10),
    ]);
    const next = { ...subscription(FROM_12), id: "sub_next" };
    const own = {
      ...invoice("in_4", "first", [line("pro", FROM_12)], {
        subscriptionId: "sub_next",
        startingBalance: -1_000,
        endingBalance: 0,
      }),
    };
    const why = (february: SnapshotInvoice) => {
      const found = snapshot([ended, next], [PAID_JAN, february, credited, own]);
      return entitled(found, at("2027-02-14")).reason;
    };
    expect(why(OPEN_FEB)).to.equal("first_payment_owed");
    expect(why({ ...OPEN_FEB, status: "paid", paidAt: at("2027-02-13") })).to.equal(
      "in_good_standing",
    );
  });

  it("P41 is nothing that was paid after its subscription had ended", () => {
    const endedAt = at("2027-02-20");
    const over = { status: "canceled", endedAt } as const;
    const months = (paidAt: Date) => {
      const february = invoice("in_2", "renewal", [line("pro", FEB)], { paidAt });
      const found = snapshot([subscription(FEB, over)], [PAID_JAN, february]);
      return entitled(found, at("2027-03-14")).months.map(({ start }) => start);
    };
    expect(months(endedAt)).to.deep.equal([JAN.start, FEB.start]);
    expect(months(at("2027-02-21"))).to.deep.equal([JAN.start]);
  });
});
