import { expect } from "chai";
import { entitlement } from "../../../../src/domain/subscription/entitlement.ts";
import { standingOf } from "../../../../src/domain/subscription/standing.ts";
import { at } from "../../../samples/dates.ts";
import {
  FEB,
  invoice,
  item,
  JAN,
  line,
  MAR,
  snapshot,
  subscription,
} from "../../../samples/snapshot.ts";
import type { Fault } from "./greedy_tenant.ts";
import { HISTORIES } from "./histories.ts";
import { historyCatalog } from "./stripe_prices.ts";

const YEAR = { start: at("2027-01-01"), end: at("2028-01-01") };

/** A yearly plan beside an add-on that is billed by the month. */
const MIXED = snapshot(
  [subscription(YEAR, { items: [item("pro", YEAR), item("addon", MAR)] })],
  [
    invoice("in_1", "first", [line("pro", YEAR), line("addon", JAN)]),
    invoice("in_2", "renewal", [line("addon", FEB)]),
    invoice("in_3", "renewal", [line("addon", MAR)], { status: "open" }),
  ],
);

/** Whether each of these histories ends otherwise when the rule has a fault. */
function expectNoticed(fault: Fault, names: readonly string[]): void {
  const played = HISTORIES.filter(({ name }) => names.some((start) => name.startsWith(start)));
  expect(played.length).to.be.at.least(names.length);
  for (const { name, play, tokens, emails, plan } of played) {
    const tenant = play(fault);
    const found = { ...tenant.used, plan: tenant.plan };
    expect(found, name).to.not.deep.equal({ tokens, emails, plan });
  }
}

describe("faults planted in the rule are noticed by the histories", function () {
  this.timeout(180_000);

  it("inheritance is off", () => {
    const fault: Fault = {
      entitlement: (found) => ({
        ...found,
        months: found.months.map((month) => ({ ...month, inherits: null })),
        month: { ...found.month, inherits: null },
      }),
    };
    expectNoticed(fault, ["G7b", "O2", "N9"]);
  });

  it("a change that is owed is ignored", () => {
    const fault: Fault = {
      standing: (standing) => ({
        ...standing,
        debts: standing.debts.filter(({ cause }) => cause !== "change"),
      }),
    };
    expectNoticed(fault, ["G2", "L4", "N10"]);
  });

  it("a renewal that is owed is ignored", () => {
    const fault: Fault = {
      standing: (standing) => ({
        ...standing,
        debts: standing.debts.filter(({ cause }) => cause !== "renewal"),
      }),
    };
    expectNoticed(fault, ["G1", "N11", "N15"]);
  });

  it("what is only lent ends other debts and stays", () => {
    const fault: Fault = {
      standing: (standing) => ({
        ...standing,
        lines: standing.lines.map((one) => ({ ...one, lentUntil: null })),
        debts: standing.debts.filter(({ from }) => from === null),
      }),
    };
    expectNoticed(fault, ["N13"]);
  });

  it("months that nobody looked at are not made good", () => {
    const fault: Fault = {
      entitlement: (found) => ({
        ...found,
        months: found.months.filter(({ name }) => name === found.month.name),
      }),
    };
    expectNoticed(fault, [
      "L5",
      "three renewals whose webhooks were lost",
      "two renewals paid in the wrong",
    ]);
  });

  it("an add-on's invoice moves the month", () => {
    const question = {
      tenantId: "clacme0001",
      inForce: new Set<string>(),
      endedDuplicates: new Set<string>(),
    };
    const when = { now: at("2027-03-20"), graceDays: 14 };
    const catalog = historyCatalog();
    const right = entitlement(standingOf(MIXED, { ...question, catalog }), catalog, when);
    expect([right.reason, right.plan.slug, right.owed.length, right.month.name]).to.deep.equal([
      "in_good_standing",
      "pro",
      0,
      "sub_1:2027-03-01T00:00:00.000Z",
    ]);
    // The add-on's product counts as the plan's: what takes any item or invoice for the plan's.
    const fault = {
      ...catalog,
      plans: catalog.plans.map((plan) =>
        plan.slug === "business" ? { ...plan, productId: "prod_addon" } : plan,
      ),
    };
    const wrong = entitlement(standingOf(MIXED, { ...question, catalog: fault }), fault, when);
    expect([wrong.reason, wrong.plan.slug]).to.not.deep.equal([right.reason, right.plan.slug]);
  });
});
