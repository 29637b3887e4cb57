import { expect } from "chai";
import {
  isLive,
  SUBSCRIPTION_STATUSES,
  scheduledEnd,
} from "../../../src/domain/subscription/subscription.ts";
import { at, monthsFrom } from "../../samples/dates.ts";

describe("isLive", () => {
  const ended = ["canceled", "incomplete_expired"];
  for (const status of SUBSCRIPTION_STATUSES) {
    it(`P17 counts ${status} as ${ended.includes(status) ? "ended" : "a subscription"}`, () => {
      expect(isLive(status)).to.equal(!ended.includes(status));
    });
  }
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
