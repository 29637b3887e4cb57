import { expect } from "chai";
import {
  currentSubscription,
  duplicateSubscriptions,
} from "../../../src/domain/subscription/current_subscription.ts";
import type {
  SnapshotInvoice,
  SnapshotSubscription,
} from "../../../src/domain/subscription/customer_snapshot.ts";
import { settlements } from "../../../src/domain/subscription/settlement.ts";
import { at } from "../../samples/dates.ts";
import { invoice, item, JAN, line, snapshot, subscription } from "../../samples/snapshot.ts";
import { historyCatalog } from "./simulation/stripe_prices.ts";

const CATALOG = historyCatalog();

function look(
  subscriptions: readonly SnapshotSubscription[],
  invoices: readonly SnapshotInvoice[] = [],
  known: { inForce?: string[]; endedDuplicates?: string[] } = {},
) {
  const found = snapshot(subscriptions, invoices);
  const question = {
    tenantId: "clacme0001",
    catalog: CATALOG,
    settled: settlements(found, CATALOG),
    inForce: new Set(known.inForce),
    endedDuplicates: new Set(known.endedDuplicates),
  };
  return {
    current: currentSubscription(found, question)?.id,
    duplicates: duplicateSubscriptions(found, question),
  };
}

function other(id: string, changes: Partial<SnapshotSubscription> = {}): SnapshotSubscription {
  return subscription(JAN, { id, createdAt: at("2027-01-05"), ...changes });
}

function paid(id: string, of: string, changes: Partial<SnapshotInvoice> = {}): SnapshotInvoice {
  return invoice(id, "first", [line("pro", JAN, { subscriptionId: of, amount: 2_900 })], {
    subscriptionId: of,
    ...changes,
  });
}

describe("the subscription that counts (P14)", () => {
  it("is made by hand, too, where an item is a plan's; other products' and other tenants' are not", () => {
    expect(look([other("sub_2", { tenantId: null })]).current).to.equal("sub_2");
    expect(
      look([other("sub_2", { tenantId: null, items: [item("other", JAN)] })]).current,
    ).to.equal(undefined);
    expect(look([other("sub_2", { tenantId: "tenant_two" })]).current).to.equal(undefined);
  });

  it("is in good standing first, whatever is older or dearer", () => {
    for (const status of ["past_due", "unpaid", "paused", "incomplete"] as const) {
      const old = subscription(JAN, { status, items: [item("business", JAN)] });
      expect(look([old, other("sub_2")]).current, status).to.equal("sub_2");
    }
    const unpaid = subscription(JAN, { status: "unpaid" });
    expect(look([unpaid, other("sub_2", { status: "past_due" })]).current).to.equal("sub_2");
  });

  it("is not one whose first payment is owed, even if it is active", () => {
    const debit = other("sub_2", { items: [item("business", JAN)] });
    const invoices = [paid("in_1", "sub_1"), paid("in_2", "sub_2", { status: "open" })];
    expect(look([subscription(JAN), debit], invoices).current).to.equal("sub_1");
  });

  it("is of the highest plan, then without a scheduled end, then the oldest", () => {
    const spent = { inForce: ["sub_2", "sub_3"] };
    const business = other("sub_2", { items: [item("business", JAN)] });
    expect(look([subscription(JAN), business], [], spent).current).to.equal("sub_2");
    const ending = subscription(JAN, { cancelAt: at("2027-01-20") });
    expect(look([ending, other("sub_2")], [], spent).current).to.equal("sub_2");
    expect(look([other("sub_3"), subscription(JAN)], [], spent).current).to.equal("sub_1");
  });

  it("is the one that ended last where none lives, but never an ended duplicate", () => {
    const ended = (id: string, day: string) => other(id, { status: "canceled", endedAt: at(day) });
    const both = [ended("sub_2", "2027-01-10"), ended("sub_3", "2027-01-12")];
    expect(look(both).current).to.equal("sub_3");
    expect(look(both, [], { endedDuplicates: ["sub_3"] }).current).to.equal("sub_2");
  });
});

describe("a double payment (P18)", () => {
  const first = subscription(JAN);
  const invoices = [
    paid("in_1", "sub_1"),
    paid("in_2", "sub_2", { startingBalance: -1_000, endingBalance: 0, amountPaid: 1_900 }),
  ];

  it("ends the newer one and gives back all that was paid for it, balance included", () => {
    const { current, duplicates } = look([first, other("sub_2")], invoices);
    expect(current).to.equal("sub_1");
    expect(duplicates).to.deep.equal([
      {
        subscriptionId: "sub_2",
        keptId: "sub_1",
        action: "end",
        refunds: [{ invoiceId: "in_2", money: 1_900, balance: 1_000 }],
      },
    ]);
  });

  it("keeps the one that was billed first where both began in one second", () => {
    const now = JAN.start;
    const [a, b] = [subscription(JAN, { createdAt: now }), other("sub_2", { createdAt: now })];
    for (const [kept, order] of [
      ["sub_1", [1, 2]],
      ["sub_2", [2, 1]],
    ] as const) {
      const billed = [
        paid("in_1", "sub_1", { createdAt: now, order: order[0] }),
        paid("in_2", "sub_2", { createdAt: now, order: order[1] }),
      ];
      expect(look([a, b], billed).current).to.equal(kept);
      expect(look([b, a], billed.toReversed()).duplicates[0]?.keptId).to.equal(kept);
    }
  });

  it("is one with a dearer second, too, which never counts", () => {
    const dearer = other("sub_2", { items: [item("business", JAN)] });
    const { current, duplicates } = look([first, dearer], invoices);
    expect([current, duplicates[0]?.action]).to.deep.equal(["sub_1", "end"]);
  });

  it("is only named where one ends anyway, is a trial or in bad standing, has renewed or was in force", () => {
    const second = other("sub_2");
    const renewed = [
      ...invoices,
      invoice("in_3", "renewal", [line("pro", JAN, { subscriptionId: "sub_2" })], {
        subscriptionId: "sub_2",
      }),
    ];
    const cases = {
      "the older ends": look([subscription(JAN, { cancelAtPeriodEnd: true }), second], invoices),
      "the newer ends": look([first, other("sub_2", { cancelAt: at("2027-02-01") })], invoices),
      "the older is a trial": look([subscription(JAN, { status: "trialing" }), second], invoices),
      "the older owes": look([subscription(JAN, { status: "past_due" }), second], invoices),
      "the newer has renewed": look([first, second], renewed),
      "the newer was in force": look([first, second], invoices, { inForce: ["sub_2"] }),
      "the newer is not paid yet": look(
        [first, second],
        [paid("in_1", "sub_1"), paid("in_2", "sub_2", { status: "open" })],
      ),
    };
    for (const [name, { duplicates }] of Object.entries(cases)) {
      expect(
        duplicates.map(({ action, refunds }) => [action, refunds]),
        name,
      ).to.deep.equal([["report", []]]);
    }
  });
});
