import { expect } from "chai";
import fc from "fast-check";
import {
  effectivePlan,
  graceEndsAt,
  hasAccess,
} from "../../../src/domain/subscription/entitlement.ts";
import {
  SUBSCRIPTION_STATUSES,
  type SubscriptionStatus,
} from "../../../src/domain/subscription/subscription.ts";
import { sampleAccount, sampleAccountSubscription } from "../../samples/account.ts";
import { sampleCatalog, samplePlan } from "../../samples/catalog.ts";
import { at } from "../../samples/dates.ts";

const graceDays = 14;
const unpaidSince = at("2026-04-10T01:00:00Z");
const graceEnd = at("2026-04-24T01:00:00Z");
const beforeGraceEnd = new Date(graceEnd.getTime() - 1);

const accessByStatus: Record<SubscriptionStatus, boolean> = {
  active: true,
  trialing: true,
  past_due: true,
  incomplete: false,
  incomplete_expired: false,
  canceled: false,
  unpaid: false,
  paused: false,
};

describe("hasAccess", () => {
  for (const status of SUBSCRIPTION_STATUSES) {
    it(`P36 is ${accessByStatus[status]} for ${status}`, () => {
      const subscription = sampleAccountSubscription({ status, unpaidSince });
      expect(hasAccess(subscription, at("2026-04-11"), { graceDays })).to.equal(
        accessByStatus[status],
      );
    });
  }

  it("P36 ends for past_due with the grace period, to the millisecond", () => {
    const subscription = sampleAccountSubscription({ status: "past_due", unpaidSince });
    expect(hasAccess(subscription, beforeGraceEnd, { graceDays })).to.equal(true);
    expect(hasAccess(subscription, graceEnd, { graceDays })).to.equal(false);
  });

  it("P36 ends at once without grace days", () => {
    const subscription = sampleAccountSubscription({ status: "past_due", unpaidSince });
    expect(hasAccess(subscription, unpaidSince, { graceDays: 0 })).to.equal(false);
  });

  it("P36 lasts while past_due when no renewal is unpaid", () => {
    const subscription = sampleAccountSubscription({ status: "past_due", unpaidSince: null });
    expect(hasAccess(subscription, at("2030-01-01"), { graceDays })).to.equal(true);
  });

  it("P36 comes back at once when the renewal is paid", () => {
    const recovered = sampleAccountSubscription({ status: "active" });
    expect(hasAccess(recovered, at("2030-01-01"), { graceDays })).to.equal(true);
  });

  it("P36 never comes back by the passing of time alone", () => {
    const moments = fc.date({ min: at("2026-01-01"), max: at("2028-01-01"), noInvalidDate: true });
    const statuses = fc.constantFrom(...SUBSCRIPTION_STATUSES);
    fc.assert(
      fc.property(statuses, moments, moments, (status, a, b) => {
        const subscription = sampleAccountSubscription({ status, unpaidSince });
        const [early, late] = a < b ? [a, b] : [b, a];
        const lost = !hasAccess(subscription, early, { graceDays });
        expect(lost && hasAccess(subscription, late, { graceDays })).to.equal(false);
      }),
    );
  });
});

describe("graceEndsAt", () => {
  it("P36 is so many days after the renewal became due", () => {
    const subscription = sampleAccountSubscription({ status: "past_due", unpaidSince });
    expect(graceEndsAt(subscription, graceDays)).to.deep.equal(graceEnd);
    expect(graceEndsAt(subscription, 0)).to.deep.equal(unpaidSince);
  });

  for (const status of SUBSCRIPTION_STATUSES.filter((other) => other !== "past_due")) {
    it(`P36 is nothing for ${status}`, () => {
      expect(graceEndsAt(sampleAccountSubscription({ status, unpaidSince }), graceDays)).to.equal(
        null,
      );
    });
  }

  it("P36 is nothing while past_due when no renewal is unpaid", () => {
    expect(graceEndsAt(sampleAccountSubscription({ status: "past_due" }), graceDays)).to.equal(
      null,
    );
  });
});

describe("effectivePlan", () => {
  const moment = { now: at("2026-04-11"), graceDays };

  it("P36 is the free plan for a tenant that never subscribed", () => {
    expect(effectivePlan(sampleAccount(), sampleCatalog(), moment).slug).to.equal("free");
  });

  for (const status of SUBSCRIPTION_STATUSES) {
    it(`P36 is ${accessByStatus[status] ? "the plan" : "the free plan"} for ${status}`, () => {
      const subscription = sampleAccountSubscription({ status, unpaidSince });
      const plan = effectivePlan(sampleAccount({ subscription }), sampleCatalog(), moment);
      expect(plan.slug).to.equal(accessByStatus[status] ? "pro" : "free");
    });
  }

  it("P36 falls to the free plan with the end of grace", () => {
    const subscription = sampleAccountSubscription({ status: "past_due", unpaidSince });
    const account = sampleAccount({ subscription });
    const during = { now: beforeGraceEnd, graceDays };
    expect(effectivePlan(account, sampleCatalog(), during).slug).to.equal("pro");
    expect(effectivePlan(account, sampleCatalog(), { now: graceEnd, graceDays }).slug).to.equal(
      "free",
    );
  });

  it("P36 keeps an inactive plan for those who are on it", () => {
    const catalog = sampleCatalog([samplePlan("free", 1), samplePlan("pro", 3, { active: false })]);
    const account = sampleAccount({ subscription: sampleAccountSubscription() });
    expect(effectivePlan(account, catalog, moment).slug).to.equal("pro");
  });

  for (const planSlug of [null, "gone"]) {
    it(`P36 is the free plan for a subscription of plan ${planSlug}`, () => {
      const subscription = sampleAccountSubscription({ planSlug });
      const plan = effectivePlan(sampleAccount({ subscription }), sampleCatalog(), moment);
      expect(plan.slug).to.equal("free");
    });
  }
});
