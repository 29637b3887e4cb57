import { expect } from "chai";
import type {
  CustomerSnapshot,
  SnapshotInvoice,
  SnapshotLine,
} from "../../../src/domain/subscription/customer_snapshot.ts";
import { allowanceOf } from "../../../src/domain/subscription/month.ts";
import type { SubscriptionStatus } from "../../../src/domain/subscription/subscription.ts";
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

interface Row {
  readonly of: CustomerSnapshot;
  readonly now?: string;
  /** Reason, plan and start of the month. */
  readonly gives: readonly [reason: string, plan: string, month: string];
}

const PAID_JAN = invoice("in_1", "first", [line("pro", JAN)]);
const STARTER_JAN = invoice("in_1", "first", [line("starter", JAN)]);
const MID_FEB = "2027-02-10";

/** A renewal in February that has failed, if it is open. */
function renewal(
  changes: Partial<SnapshotInvoice>,
  lines: readonly SnapshotLine[] = [line("pro", FEB)],
  status: SubscriptionStatus = changes.status === "open" ? "past_due" : "active",
) {
  const invoices = [PAID_JAN, invoice("in_2", "renewal", lines, changes)];
  return snapshot([subscription(FEB, { status })], invoices);
}

const FROM_10 = { start: at("2027-01-10"), end: at("2027-02-10") };

/** Starter was paid in January, on the 10th it became pro with a new period. */
function change(changes: Partial<SnapshotInvoice>, of: Parameters<typeof subscription>[1] = {}) {
  const lines = [credit("starter", FROM_10.start, JAN, "in_1"), line("pro", FROM_10)];
  return snapshot(
    [subscription(FROM_10, of)],
    [STARTER_JAN, invoice("in_2", "change", lines, changes)],
  );
}

const ended = (status: Parameters<typeof subscription>[1]) =>
  snapshot([subscription(JAN, status)], [PAID_JAN]);

const ROWS: Readonly<Record<string, Row>> = {
  "no subscription": { of: snapshot([], []), gives: ["not_subscribed", "free", "free:2027-02-01"] },
  ...Object.fromEntries(
    (["incomplete", "incomplete_expired", "unpaid", "paused", "canceled"] as const).map(
      (status) => [
        status,
        {
          of: ended({ status, endedAt: status === "canceled" ? FEB.start : null }),
          gives: ["not_subscribed", "free", "free:2027-02-01"],
        } satisfies Row,
      ],
    ),
  ),
  "a first payment is open": {
    of: snapshot(
      [subscription(FEB)],
      [invoice("in_1", "first", [line("pro", FEB)], { status: "open" })],
    ),
    gives: ["first_payment_owed", "free", "free:2027-02-01"],
  },
  "a first payment is uncollectible": {
    of: snapshot(
      [subscription(FEB)],
      [invoice("in_1", "first", [line("pro", FEB)], { status: "uncollectible" })],
    ),
    gives: ["first_payment_owed", "free", "free:2027-02-01"],
  },
  "a first payment is written off by the operator": {
    of: snapshot(
      [subscription(FEB)],
      [
        invoice("in_1", "first", [line("pro", FEB)], {
          status: "uncollectible",
          uncollectibleReason: "user_forgiven",
        }),
      ],
    ),
    gives: ["first_payment_owed", "free", "free:2027-02-01"],
  },
  "a change is written off by the operator": {
    of: change({ status: "uncollectible", uncollectibleReason: "user_forgiven" }),
    now: "2027-01-20",
    gives: ["change_owed", "starter", "2027-01-01"],
  },
  "a first payment is void, its bank debit having failed": {
    of: snapshot(
      [subscription(FEB)],
      [invoice("in_1", "first", [line("pro", FEB)], { status: "void" })],
    ),
    gives: ["first_payment_owed", "free", "free:2027-02-01"],
  },
  "a first payment is void, and the renewal is paid": {
    of: snapshot(
      [subscription(FEB)],
      [
        invoice("in_1", "first", [line("pro", JAN)], { status: "void" }),
        invoice("in_2", "renewal", [line("pro", FEB)]),
      ],
    ),
    gives: ["in_good_standing", "pro", "2027-02-01"],
  },
  "a first payment that is not due yet": {
    of: snapshot(
      [subscription(FEB)],
      [invoice("in_1", "first", [line("pro", FEB)], { status: "open", dueAt: at("2027-03-01") })],
    ),
    gives: ["in_good_standing", "pro", "2027-02-01"],
  },
  "a first payment that is overdue": {
    of: snapshot(
      [subscription(FEB, { status: "past_due" })],
      [invoice("in_1", "first", [line("pro", FEB)], { status: "open", dueAt: at("2027-02-09") })],
    ),
    gives: ["first_payment_owed", "free", "free:2027-02-01"],
  },
  "an open change, in the settled period": {
    of: change({ status: "open" }, { status: "past_due" }),
    now: "2027-01-20",
    gives: ["change_owed", "starter", "2027-01-01"],
  },
  "an open change, after the settled period": {
    of: change({ status: "open" }, { status: "past_due" }),
    gives: ["change_owed", "free", "free:2027-02-01"],
  },
  "a void change whose price the item has": {
    of: change({ status: "void" }),
    now: "2027-01-20",
    gives: ["change_owed", "starter", "2027-01-01"],
  },
  "a void change whose price the item has not": {
    of: snapshot(
      [subscription(JAN, { items: [item("starter", JAN)] })],
      [STARTER_JAN, invoice("in_2", "change", [line("pro", FROM_10)], { status: "void" })],
    ),
    now: "2027-01-20",
    gives: ["in_good_standing", "starter", "2027-01-01"],
  },
  "a draft change": {
    of: change({ status: "draft" }),
    now: "2027-01-20",
    gives: ["change_owed", "starter", "2027-01-01"],
  },
  "a paid change that credits what nobody paid": {
    of: snapshot(
      [subscription(FROM_10)],
      [
        STARTER_JAN,
        invoice("in_2", "change", [line("business", FROM_10)], {
          status: "void",
          createdAt: at("2027-01-09"),
        }),
        invoice("in_3", "change", [
          credit("business", FROM_10.start, FROM_10, "in_2"),
          line("pro", FROM_10),
        ]),
      ],
    ),
    now: "2027-01-20",
    gives: ["change_owed", "starter", "2027-01-01"],
  },
  "no plan item": {
    of: snapshot([subscription(FEB, { items: [item("other", FEB)] })], []),
    gives: ["no_plan_item", "free", "free:2027-02-01"],
  },
  "only a metered price of a plan": {
    of: snapshot([subscription(FEB, { items: [item("pro", FEB, { licensed: false })] })], []),
    gives: ["no_plan_item", "free", "free:2027-02-01"],
  },
  "a draft renewal": {
    of: renewal({ status: "draft" }),
    now: "2027-02-01T00:30:00Z",
    gives: ["renewal_in_grace", "pro", "2027-01-01"],
  },
  "an open renewal within grace": {
    of: renewal({ status: "open" }),
    gives: ["renewal_in_grace", "pro", "2027-01-01"],
  },
  "an uncollectible renewal within grace": {
    of: renewal({ status: "uncollectible", uncollectibleReason: "max_payment_attempts" }),
    gives: ["renewal_in_grace", "pro", "2027-01-01"],
  },
  "an open renewal after grace": {
    of: renewal({ status: "open" }),
    now: "2027-02-15",
    gives: ["renewal_overdue", "free", "free:2027-02-01"],
  },
  "a renewal by e-mail that is not due yet": {
    of: renewal({ status: "open", dueAt: at("2027-03-03"), attempted: false }),
    now: "2027-02-20",
    gives: ["in_good_standing", "pro", "2027-02-01"],
  },
  "a renewal by e-mail that is overdue": {
    of: renewal({ status: "open", dueAt: at("2027-02-05"), attempted: false }),
    now: "2027-02-18",
    gives: ["renewal_in_grace", "pro", "2027-01-01"],
  },
  "a renewal in processing": {
    of: renewal({ status: "open" }, undefined, "active"),
    gives: ["in_good_standing", "pro", "2027-02-01"],
  },
  "a paid renewal": { of: renewal({}), gives: ["in_good_standing", "pro", "2027-02-01"] },
  "a void renewal": {
    of: renewal({ status: "void" }),
    gives: ["in_good_standing", "pro", "2027-02-01"],
  },
  "a void renewal of a dearer plan than was paid": {
    of: snapshot(
      [subscription(FEB, { items: [item("business", FEB)] })],
      [PAID_JAN, invoice("in_2", "renewal", [line("business", FEB)], { status: "void" })],
    ),
    gives: ["in_good_standing", "pro", "2027-02-01"],
  },
  "a forgiven renewal": {
    of: renewal({ status: "uncollectible", uncollectibleReason: "user_forgiven" }),
    gives: ["in_good_standing", "pro", "2027-02-01"],
  },
  "a renewal over nothing": {
    of: renewal({}, [line("pro", FEB, { amount: 0 })]),
    gives: ["in_good_standing", "pro", "2027-02-01"],
  },
  "a draft over nothing": {
    of: renewal({ status: "draft" }, [line("pro", FEB, { amount: 0 })]),
    gives: ["in_good_standing", "pro", "2027-02-01"],
  },
  "a trial": {
    of: snapshot(
      [subscription(FEB, { status: "trialing", trialEnd: FEB.end })],
      [invoice("in_1", "first", [line("pro", FEB, { amount: 0 })])],
    ),
    gives: ["in_good_standing", "pro", "2027-02-01"],
  },
  "an open invoice for extras only": {
    of: snapshot(
      [subscription(FEB, { status: "past_due" })],
      [
        PAID_JAN,
        invoice("in_2", "renewal", [line("pro", FEB)]),
        invoice("in_3", "renewal", [line("addon", FEB)], { status: "open", order: 1 }),
      ],
    ),
    gives: ["in_good_standing", "pro", "2027-02-01"],
  },
  "an open manual invoice for a plan": {
    of: snapshot(
      [subscription(JAN)],
      [PAID_JAN, invoice("in_2", "manual", [line("pro", FROM_10)], { status: "open" })],
    ),
    now: "2027-01-20",
    gives: ["in_good_standing", "pro", "2027-01-01"],
  },
  "collection is paused, drafts are kept": {
    of: snapshot(
      [subscription(FEB, { pauseCollection: "keep_as_draft" })],
      [PAID_JAN, invoice("in_2", "renewal", [line("pro", FEB)], { status: "draft" })],
    ),
    gives: ["in_good_standing", "pro", "2027-02-01"],
  },
  "collection is paused, and the plan was raised": {
    of: snapshot(
      [
        subscription(FEB, {
          pauseCollection: "mark_uncollectible",
          items: [item("business", FEB)],
        }),
      ],
      [
        PAID_JAN,
        invoice("in_2", "renewal", [line("business", FEB)], {
          status: "uncollectible",
          uncollectibleReason: "subscription_paused",
        }),
      ],
    ),
    gives: ["in_good_standing", "pro", "2027-02-01"],
  },
  "the pause is lifted, its invoice stays uncollectible": {
    of: renewal({ status: "uncollectible", uncollectibleReason: "subscription_paused" }),
    gives: ["renewal_in_grace", "pro", "2027-01-01"],
  },
};

describe("entitlement by status and debt (P14, P24, P33, P36)", () => {
  for (const [name, { of, now = MID_FEB, gives }] of Object.entries(ROWS)) {
    it(`${name}: ${gives.join(", ")}`, () => {
      const { reason, plan, month } = entitled(of, at(now));
      const start = month.start.toISOString().slice(0, 10);
      const shown = month.subscriptionId === null ? `free:${start}` : start;
      expect([reason, plan.slug, shown]).to.deep.equal(gives);
    });
  }

  it("keeps what a change that waited for an invoice added, while the renewal that bills it is owed", () => {
    const late = { start: at("2027-01-22T09:00:00Z"), end: JAN.end };
    const added = line("business", late, { proration: true });
    const renewed = invoice("in_2", "renewal", [added, line("business", FEB)], { status: "draft" });
    const of = [subscription(FEB, { items: [item("business", FEB)] })];
    const before = entitled(
      snapshot([subscription(JAN, { items: [item("business", JAN)] })], [PAID_JAN], [added]),
      at("2027-01-31"),
    );
    const after = entitled(snapshot(of, [PAID_JAN, renewed]), at("2027-02-01T00:30:00Z"));
    expect([after.reason, after.plan.slug]).to.deep.equal(["renewal_in_grace", "pro"]);
    expect(allowanceOf(after.month, "tokens")).to.equal(allowanceOf(before.month, "tokens"));
    expect(allowanceOf(after.month, "tokens")).to.be.greaterThan(50_000);
  });

  it("begins a month where a year becomes a month on the year's own anchor", () => {
    const year = { start: JAN.start, end: at("2028-01-01") };
    const rest = { start: at("2027-01-10"), end: JAN.end };
    const look = (...lines: SnapshotLine[]) =>
      entitled(
        snapshot(
          [subscription(rest, { items: [item(lines.length > 1 ? "starter" : "business", rest)] })],
          [
            invoice("in_1", "first", [line("starter", year)]),
            ...lines.map((one, index) => invoice(`in_${index + 2}`, "change", [one])),
          ],
        ),
        at("2027-01-20"),
      );
    const business = line("business", rest, { proration: true });
    const later = { start: at("2027-01-11"), end: JAN.end };
    const [before, after] = [
      look(business),
      look(business, line("starter", later, { proration: true })),
    ];
    expect(before.month.start).to.deep.equal(rest.start);
    expect(after.month.name).to.equal(before.month.name);
    expect(allowanceOf(after.month, "tokens")).to.equal(allowanceOf(before.month, "tokens"));
  });

  it("adds nothing to an old month by a renewal that was never paid, once a later one is", () => {
    const late = { start: at("2027-01-22T09:00:00Z"), end: JAN.end };
    const march = { start: FEB.end, end: at("2027-04-01") };
    const invoices = [
      PAID_JAN,
      invoice("in_2", "renewal", [line("business", late, { proration: true }), line("pro", FEB)], {
        status: "open",
      }),
      invoice("in_3", "renewal", [line("pro", march)]),
    ];
    const { months } = entitled(snapshot([subscription(march)], invoices), at("2027-03-10"));
    expect(months.map((month) => allowanceOf(month, "tokens"))).to.deep.equal([50_000, 50_000]);
  });
});
