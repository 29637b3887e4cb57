import { expect } from "chai";
import type {
  AccountSubscription,
  PaidPeriod,
} from "../../../src/domain/subscription/billing_account.ts";
import {
  effectivePlan,
  graceEndsAt,
  monthlyAllowance,
} from "../../../src/domain/subscription/entitlement.ts";
import type { Invoice } from "../../../src/domain/subscription/invoice.ts";
import type { SubscriptionStatus } from "../../../src/domain/subscription/subscription.ts";
import { synchronizeAccount } from "../../../src/domain/subscription/synchronize_account.ts";
import { sampleAccount, sampleAccountSubscription } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { at, monthsFrom, period } from "../../samples/dates.ts";
import {
  sampleInvoice,
  sampleItem,
  sampleLine,
  sampleProration,
  sampleSubscription,
} from "../../samples/subscription.ts";

const graceDays = 14;
const march = monthsFrom("2026-03-10");
const catalog = sampleCatalog();
const paid = sampleInvoice({ id: "in_paid" });

const paidForPro: PaidPeriod = {
  ...march,
  invoiceId: "in_paid",
  charges: [{ planSlug: "pro", period: march }],
};

function planOf(changes: Partial<AccountSubscription>, now: string, paidPeriod = paidForPro) {
  const subscription = sampleAccountSubscription(changes);
  const account = sampleAccount({ subscription, paidPeriod });
  return effectivePlan(account, catalog, { now: at(now), graceDays }).slug;
}

describe("P36 what each status gives", () => {
  const renewal = { planSlug: "pro", period: monthsFrom("2026-04-10") };
  const table: [SubscriptionStatus, inGrace: string, afterGrace: string][] = [
    ["active", "pro", "pro"],
    ["trialing", "pro", "pro"],
    ["past_due", "pro", "free"],
    ["unpaid", "free", "free"],
    ["paused", "free", "free"],
    ["incomplete", "free", "free"],
    ["incomplete_expired", "free", "free"],
    ["canceled", "free", "free"],
  ];
  for (const [status, inGrace, afterGrace] of table) {
    it(`P36 ${status}: ${inGrace} while the renewal is overdue, ${afterGrace} later`, () => {
      const due = { ...renewal, status, unpaidSince: at("2026-04-10T01:00:00Z") };
      expect(planOf(due, "2026-04-24T00:59:59Z")).to.equal(inGrace);
      expect(planOf(due, "2026-04-24T01:00:00Z")).to.equal(afterGrace);
    });
  }
});

describe("P36 an upgrade that is not paid", () => {
  const upgraded = {
    status: "past_due" as const,
    planSlug: "business",
    unpaidChangeSince: at("2026-03-20"),
  };

  it("P36 gives the new plan during the grace, then what was paid for, not less", () => {
    expect(planOf(upgraded, "2026-04-02T23:59:59Z")).to.equal("business");
    expect(planOf(upgraded, "2026-04-03")).to.equal("pro");
    expect(planOf(upgraded, "2026-04-09")).to.equal("pro");
  });

  it("P36 falls further only by the grace of the renewal", () => {
    const both = { ...upgraded, unpaidSince: at("2026-04-10T01:00:00Z") };
    expect(planOf(both, "2026-04-20")).to.equal("pro");
    expect(planOf(both, "2026-04-24T01:00:00Z")).to.equal("free");
  });

  it("P36 gives the new plan back at once when it is paid", () => {
    const recovered = { ...upgraded, status: "active" as const, unpaidChangeSince: null };
    expect(planOf(recovered, "2026-04-09")).to.equal("business");
  });

  it("P36 falls to nothing where nothing was paid for", () => {
    const nothing = { ...paidForPro, charges: [] };
    expect(planOf(upgraded, "2026-04-03", nothing)).to.equal("free");
  });

  it("P36 of a year keeps the month that was paid for until its end", () => {
    const yearly = {
      status: "past_due" as const,
      planSlug: "business",
      interval: "year" as const,
      unpaidSince: at("2026-03-20"),
    };
    expect(planOf(yearly, "2026-04-02")).to.equal("business");
    expect(planOf(yearly, "2026-04-05")).to.equal("pro");
    expect(planOf(yearly, "2026-04-10")).to.equal("free");
  });

  it("P24 gives the tokens of what was paid for only", () => {
    const account = sampleAccount({
      subscription: sampleAccountSubscription(upgraded),
      paidPeriod: paidForPro,
    });
    const now = at("2026-03-25");
    expect(monthlyAllowance(account, catalog, { now, graceDays }).tokens).to.equal(300);
  });

  it("P36 says when the limits fall: at the end of the first grace", () => {
    const both = { ...upgraded, unpaidSince: at("2026-04-10") };
    const end = graceEndsAt(sampleAccountSubscription(both), graceDays);
    expect(end).to.deep.equal(at("2026-04-03"));
  });
});

describe("P36 what is owed, by the provider's truth", () => {
  const rest = period("2026-03-20", "2026-04-10");
  const change = sampleInvoice({
    id: "in_change",
    status: "open",
    billingReason: "subscription_update",
    lines: [sampleProration("pro", -2_000, rest), sampleProration("business", 2_700, rest)],
    finalizedAt: at("2026-03-20"),
  });

  function owed(invoices: Invoice[]) {
    const subscription = sampleSubscription({
      status: "past_due",
      items: [sampleItem("business")],
    });
    const truth = { deleted: false, subscription, invoices };
    const { unpaidSince, unpaidChangeSince } =
      synchronizeAccount(sampleAccount(), truth, catalog).subscription ?? {};
    return { unpaidSince, unpaidChangeSince };
  }

  it("P36 tells an unpaid change from an unpaid period", () => {
    expect(owed([change, paid])).to.deep.equal({
      unpaidSince: null,
      unpaidChangeSince: at("2026-03-20"),
    });
    const renewal = sampleInvoice({
      status: "open",
      lines: [sampleLine("business", monthsFrom("2026-04-10"))],
      finalizedAt: at("2026-04-10"),
    });
    expect(owed([renewal, change, paid])).to.deep.equal({
      unpaidSince: at("2026-04-10"),
      unpaidChangeSince: at("2026-03-20"),
    });
  });

  it("P36 takes a change to another interval for an unpaid period", () => {
    const year = sampleLine("business", monthsFrom("2026-03-20", 12));
    const lines = [sampleProration("pro", -2_000, rest), year];
    expect(owed([{ ...change, lines }, paid]).unpaidSince).to.deep.equal(at("2026-03-20"));
  });

  it("P36 never counts invoices that somebody wrote by hand, nor what was voided", () => {
    const none = { unpaidSince: null, unpaidChangeSince: null };
    expect(owed([{ ...change, billingReason: "manual" }, paid])).to.deep.equal(none);
    expect(owed([{ ...change, status: "void" }, paid])).to.deep.equal(none);
  });
});
