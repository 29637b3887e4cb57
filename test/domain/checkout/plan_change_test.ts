import { expect } from "chai";
import type { Interval } from "../../../src/domain/catalog/catalog.ts";
import { choosePlan } from "../../../src/domain/catalog/plan_choice.ts";
import { nextPlanStep, type PlanStep } from "../../../src/domain/checkout/plan_change.ts";
import {
  requiresPayment,
  SUBSCRIPTION_STATUSES,
  type Subscription,
} from "../../../src/domain/subscription/subscription.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import { sampleItem, sampleSubscription } from "../../samples/subscription.ts";

const catalog = sampleCatalog();
const now = at("2026-03-15");

function step(
  subscription: Subscription | undefined,
  planSlug: string,
  interval: Interval = "month",
  payments: { invoiceUrl: string | null }[] = [],
): PlanStep {
  const choice = choosePlan(catalog, { planSlug, interval });
  if (choice.type !== "chosen") {
    throw new TypeError(`Cannot choose "${planSlug}": ${choice.type}`);
  }
  return nextPlanStep(subscription, choice, { catalog, now, payments });
}

describe("nextPlanStep", () => {
  it("P17 is to buy where nothing lives", () => {
    expect(step(undefined, "pro")).to.deep.equal({ type: "buy" });
    expect(step(sampleSubscription({ status: "canceled" }), "pro")).to.deep.equal({ type: "buy" });
  });

  const year = { interval: "year" as const, amount: 30_000 };
  const period = monthsFrom("2026-03-10", 12);
  const monthly = sampleSubscription();
  const yearly = sampleSubscription({ items: [sampleItem("pro", { ...year, period })] });
  const table: [string, Subscription, string, Interval, "now" | "period_end"][] = [
    ["a dearer plan", monthly, "business", "month", "now"],
    ["a cheaper plan", monthly, "starter", "month", "period_end"],
    ["the same plan by the year", monthly, "pro", "year", "now"],
    ["a cheaper plan by the year, which costs more at once", monthly, "starter", "year", "now"],
    ["the same plan by the month", yearly, "pro", "month", "period_end"],
    ["a dearer plan by the month", yearly, "business", "month", "period_end"],
    ["a dearer plan by the year", yearly, "business", "year", "now"],
    ["a cheaper plan by the year again", yearly, "starter", "year", "period_end"],
  ];
  for (const [what, subscription, planSlug, interval, effective] of table) {
    it(`P19 changes to ${what}: ${effective}`, () => {
      const end = subscription.items[0]?.period.end;
      expect(step(subscription, planSlug, interval))
        .to.have.property("timing")
        .that.deep.equals({ effective, at: effective === "now" ? now : end });
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
      expect(step({ ...monthly, ...ending }, "business")).to.deep.equal(expected);
    }
  });

  it("P17 puts what is owed before everything else", () => {
    const owed = { ...monthly, cancelAt: at("2026-04-01"), scheduledChangeAt: at("2026-04-10") };
    for (const status of SUBSCRIPTION_STATUSES.filter(requiresPayment)) {
      const first = { type: "fix_payment", status, invoiceUrl: null };
      expect(step({ ...owed, status }, "pro")).to.deep.equal(first);
    }
    const draft = { invoiceUrl: null };
    const open = { invoiceUrl: "https://pay.example/in_1" };
    const later = { invoiceUrl: "https://pay.example/in_2" };
    expect(step(owed, "business", "month", [draft, open, later])).to.deep.equal({
      ...{ type: "fix_payment", status: "active" },
      ...open,
    });
    expect(step(monthly, "business", "month", [draft])).to.include({ type: "fix_payment" });
  });
});
