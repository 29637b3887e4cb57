import { expect } from "chai";
import type { Interval } from "../../../src/domain/catalog/catalog.ts";
import { choosePlan } from "../../../src/domain/catalog/plan_choice.ts";
import { nextPlanStep, type PlanStep } from "../../../src/domain/checkout/plan_change.ts";
import { PORTAL_LIMITS } from "../../../src/domain/checkout/portal_limits.ts";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import type {
  SnapshotInvoice,
  SnapshotSubscription,
} from "../../../src/domain/subscription/customer_snapshot.ts";
import {
  requiresPayment,
  SUBSCRIPTION_STATUSES,
} from "../../../src/domain/subscription/subscription.ts";
import { synchronizeAccount } from "../../../src/domain/subscription/synchronize_account.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import { snapshot as snapshotOf } from "../../samples/snapshot.ts";
import { sampleInvoice, sampleItem, sampleSubscription } from "../../samples/subscription.ts";

const catalog = sampleCatalog();
const NOW = at("2026-03-15");
const monthly = sampleSubscription();
const HOUR_MS = 3_600_000;

function step(
  subscription: SnapshotSubscription | undefined,
  planSlug: string,
  {
    interval = "month",
    invoices = [sampleInvoice()],
    now = NOW,
  }: { interval?: Interval; invoices?: SnapshotInvoice[]; now?: Date } = {},
): PlanStep {
  const choice = choosePlan(catalog, { planSlug, interval });
  if (choice.type !== "chosen") {
    throw new TypeError(`Cannot choose "${planSlug}": ${choice.type}`);
  }
  const snapshot = snapshotOf(subscription === undefined ? [] : [subscription], invoices);
  const customer = { ...newAccount(TENANT), customerId: "cus_one" };
  const settings = { catalog, now, graceDays: 14, refundDuplicates: true };
  const account = synchronizeAccount(customer, snapshot, settings);
  return nextPlanStep({ account, snapshot }, choice, { catalog, now });
}

describe("nextPlanStep", () => {
  it("P17 is to buy where nothing lives", () => {
    expect(step(undefined, "pro")).to.deep.equal({ type: "buy" });
    expect(step(sampleSubscription({ status: "canceled" }), "pro")).to.deep.equal({ type: "buy" });
    const choice = choosePlan(catalog, { planSlug: "pro" });
    const looked = { account: newAccount(TENANT), snapshot: null };
    expect(
      choice.type === "chosen" && nextPlanStep(looked, choice, { catalog, now: NOW }),
    ).to.deep.equal({ type: "buy" });
  });

  const year = { interval: "year" as const, amount: 30_000 };
  const period = monthsFrom("2026-03-10", 12);
  const yearly = sampleSubscription({ items: [sampleItem("pro", { ...year, period })] });
  const quarterly = sampleItem("pro", { intervalCount: 3, amount: 9_000 });
  const quarter = sampleSubscription({ items: [quarterly] });
  const seats = sampleSubscription({ items: [sampleItem("pro", { quantity: 3, amount: 9_000 })] });
  const table: [string, SnapshotSubscription, string, Interval, "now" | "period_end"][] = [
    ["a dearer plan", monthly, "business", "month", "now"],
    ["a cheaper plan", monthly, "starter", "month", "period_end"],
    ["the same plan by the year", monthly, "pro", "year", "now"],
    ["a cheaper plan by the year, which costs more at once", monthly, "starter", "year", "now"],
    ["the same plan by the month", yearly, "pro", "month", "period_end"],
    ["a dearer plan by the month", yearly, "business", "month", "period_end"],
    ["a dearer plan by the year", yearly, "business", "year", "now"],
    ["a cheaper plan by the year again", yearly, "starter", "year", "period_end"],
    ["the same plan by the month, from a quarter", quarter, "pro", "month", "period_end"],
    ["a dearer plan for the same quantity", seats, "business", "month", "now"],
    ["a cheaper plan for the same quantity", seats, "starter", "month", "period_end"],
  ];
  for (const [what, subscription, planSlug, interval, effective] of table) {
    it(`P19 changes to ${what}: ${effective}`, () => {
      const end = subscription.items[0]?.period.end;
      expect(step(subscription, planSlug, { interval }))
        .to.have.property("timing")
        .that.deep.equals({ effective, at: effective === "now" ? NOW : end });
    });
  }

  it("P19 changes at once where the present price is no fixed amount", () => {
    const items = [sampleItem("pro", { amount: null })];
    expect(step(sampleSubscription({ items }), "starter"))
      .to.have.property("timing")
      .that.deep.includes({ effective: "now" });
  });

  it("P13, P19 knows both ways in which an end can be scheduled", () => {
    const end = monthly.items[0]?.period.end;
    for (const ending of [{ cancelAt: at("2026-04-01") }, { cancelAtPeriodEnd: true }]) {
      const expected = { type: "ending", at: "cancelAt" in ending ? ending.cancelAt : end };
      for (const plan of ["business", "pro"]) {
        expect(step({ ...monthly, ...ending }, plan)).to.deep.equal(expected);
      }
    }
  });

  it("P17 puts what is owed before everything else, also of extras", () => {
    const ending = { ...monthly, cancelAt: at("2026-04-01") };
    const open = sampleInvoice({
      status: "open",
      attempted: false,
      hostedUrl: "https://pay.example/in_1",
    });
    for (const status of SUBSCRIPTION_STATUSES.filter(requiresPayment)) {
      const first = { type: "fix_payment", status, invoiceUrl: null };
      const expected = status === "paused" ? { type: "paused" } : first;
      expect(step({ ...ending, status }, "pro")).to.deep.equal(expected);
    }
    const owed = { type: "fix_payment", status: "active", invoiceUrl: "https://pay.example/in_1" };
    expect(step(ending, "business", { invoices: [open] })).to.deep.equal(owed);
    const lines = open.lines.map((line) => ({ ...line, productId: "prod_x" }));
    const extra = { ...open, id: "in_extra", lines };
    const behind = sampleSubscription({ status: "past_due" });
    expect(step(behind, "business", { invoices: [sampleInvoice(), extra] })).to.deep.equal({
      ...owed,
      status: "past_due",
    });
  });

  it("P17 is to wait for a renewal that is a draft, or that is due and not there yet", () => {
    const draft = sampleInvoice({ status: "draft", createdAt: at("2026-03-10") });
    const soon = { type: "waiting", for: "draft", retryAt: at("2026-03-10T01:00:00Z") };
    for (const planSlug of ["business", "starter", "pro"]) {
      const invoices = [draft];
      expect(step(monthly, planSlug, { invoices, now: at("2026-03-10") })).to.deep.equal(soon);
    }
    const late = { invoices: [draft], now: at("2026-03-10T01:00:00Z") };
    expect(step(monthly, "business", late)).to.deep.include({
      retryAt: at("2026-03-10T01:15:00Z"),
    });
    const end = at("2026-04-10");
    expect(step(monthly, "business", { now: end })).to.deep.equal({
      ...soon,
      retryAt: new Date(+end + HOUR_MS),
    });
    const before = new Date(+end - 1);
    expect(step(monthly, "business", { now: before })).to.have.property("type", "change");
  });

  it("P17 is to wait for a debit in processing, until something later is paid", () => {
    const open = sampleInvoice({
      id: "in_debit",
      status: "open",
      amountRemaining: 3_000,
      hostedUrl: "https://pay.example/in_debit",
    });
    const debit = { ...open, amountProcessing: 3_000 };
    const waiting = { type: "waiting", for: "processing", retryAt: null };
    for (const status of ["active", "past_due", "unpaid", "incomplete"] as const) {
      const found = step({ ...monthly, status }, "business", { invoices: [debit] });
      expect(found, status).to.deep.equal(waiting);
    }
    const failed = step({ ...monthly, status: "past_due" }, "business", { invoices: [open] });
    expect(failed).to.include({ type: "fix_payment", invoiceUrl: open.hostedUrl });
    const paid = sampleInvoice({ createdAt: at("2026-03-12") });
    expect(step(monthly, "business", { invoices: [open, paid] })).to.include({ type: "change" });
  });

  it("P17 finds out before Stripe is asked what the Portal cannot change", () => {
    const nextPriceIds = ["price_pro_month"];
    const schedule = { id: "sub_sched_1", changeAt: at("2026-04-10"), nextPriceIds };
    const extra = sampleItem("extra", { amount: 500 });
    const dollars = sampleInvoice({ currency: "usd" });
    const found = [
      step({ ...monthly, items: [sampleItem(), extra] }, "business"),
      step({ ...monthly, schedule }, "business"),
      step({ ...monthly, collectionMethod: "send_invoice" }, "business"),
      step({ ...monthly, pauseCollection: "void" }, "business"),
      step(monthly, "business", { invoices: [dollars] }),
      step({ ...monthly, items: [sampleItem("extra", { licensed: false })] }, "business"),
    ];
    expect(found).to.deep.equal(PORTAL_LIMITS.map((limit) => ({ type: "unchangeable", limit })));
  });

  it("P17 tells a change that is scheduled from a schedule whose last phase runs", () => {
    const changeAt = at("2026-04-10");
    const schedule = { id: "sub_sched_1", changeAt, nextPriceIds: ["price_starter_month"] };
    const scheduled = { type: "change_scheduled", at: changeAt };
    expect(step({ ...monthly, schedule }, "business")).to.deep.equal(scheduled);
    const over = { ...schedule, changeAt: null, nextPriceIds: [] };
    expect(step({ ...monthly, schedule: over }, "business")).to.include({ type: "change" });
  });

  it("P14 changes the only item of a subscription of ours that is no plan yet", () => {
    expect(step({ ...monthly, items: [sampleItem("extra")] }, "business")).to.deep.include({
      type: "change",
      item: sampleItem("extra"),
    });
  });
});
