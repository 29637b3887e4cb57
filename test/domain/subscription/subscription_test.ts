import { expect } from "chai";
import fc from "fast-check";
import {
  currentSubscription,
  isLive,
  SUBSCRIPTION_STATUSES,
  scheduledEnd,
} from "../../../src/domain/subscription/subscription.ts";
import { TENANT } from "../../samples/account.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import { sampleSubscription } from "../../samples/subscription.ts";

describe("isLive", () => {
  const ended = ["canceled", "incomplete_expired"];
  for (const status of SUBSCRIPTION_STATUSES) {
    it(`P17 counts ${status} as ${ended.includes(status) ? "ended" : "a subscription"}`, () => {
      expect(isLive(status)).to.equal(!ended.includes(status));
    });
  }
});

describe("currentSubscription", () => {
  const older = sampleSubscription({ id: "sub_older", createdAt: at("2026-01-01") });
  const newer = sampleSubscription({ id: "sub_newer", createdAt: at("2026-02-01") });

  it("P14 is the oldest live one", () => {
    expect(currentSubscription([newer, older], TENANT)?.id).to.equal("sub_older");
  });

  it("P14 prefers a live one over an older one that has ended", () => {
    const ended = { ...older, status: "canceled" as const, endedAt: at("2026-03-01") };
    expect(currentSubscription([ended, newer], TENANT)?.id).to.equal("sub_newer");
  });

  it("P14 is the one that ended last when none lives", () => {
    const first = { ...newer, status: "canceled" as const, endedAt: at("2026-02-02") };
    const last = { ...older, status: "canceled" as const, endedAt: at("2026-03-01") };
    const expired = { ...newer, id: "sub_x", status: "incomplete_expired" as const };
    expect(currentSubscription([first, last, expired], TENANT)?.id).to.equal("sub_older");
  });

  it("P14 never is another product's or another tenant's", () => {
    const foreign = [
      sampleSubscription({ tenantId: null }),
      sampleSubscription({ tenantId: "tenant_two" }),
    ];
    expect(currentSubscription(foreign, TENANT)).to.equal(undefined);
    expect(currentSubscription([...foreign, newer], TENANT)?.id).to.equal("sub_newer");
    expect(currentSubscription([], TENANT)).to.equal(undefined);
  });

  it("P14 gives the same answer for every order of the same subscriptions", () => {
    const days = fc.integer({ min: 1, max: 9 }).map((day) => at(`2026-01-0${day}`));
    const subscriptions = fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 0, max: 99 }).map((id) => `sub_${id}`),
        status: fc.constantFrom(...SUBSCRIPTION_STATUSES),
        tenantId: fc.constantFrom(TENANT, "tenant_two", null),
        createdAt: days,
        endedAt: fc.option(days),
      }),
      { selector: ({ id }) => id, maxLength: 8 },
    );
    const shuffled = subscriptions.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        const expected = currentSubscription(one.map(sampleSubscription), TENANT);
        expect(currentSubscription(other.map(sampleSubscription), TENANT)).to.deep.equal(expected);
      }),
    );
  });
});

describe("scheduledEnd", () => {
  const month = monthsFrom("2026-03-10");

  it("P13 is nothing without a scheduled cancellation", () => {
    expect(scheduledEnd({ cancelAt: null, cancelAtPeriodEnd: false }, month)).to.equal(null);
  });

  it("P13 is the end of the period, whichever way the cancellation is represented", () => {
    const byFlag = scheduledEnd({ cancelAt: null, cancelAtPeriodEnd: true }, month);
    const byDate = scheduledEnd({ cancelAt: month.end, cancelAtPeriodEnd: false }, month);
    const byBoth = scheduledEnd({ cancelAt: month.end, cancelAtPeriodEnd: true }, month);
    expect([byFlag, byDate, byBoth]).to.deep.equal([month.end, month.end, month.end]);
  });

  it("P13 is the date that was set, where it is not the period's end", () => {
    const cancelAt = at("2026-08-01");
    expect(scheduledEnd({ cancelAt, cancelAtPeriodEnd: false }, month)).to.deep.equal(cancelAt);
  });
});
