import { expect } from "chai";
import { isLookDue } from "../../../src/domain/subscription/look_due.ts";
import type { Standing } from "../../../src/domain/subscription/standing.ts";
import { SUBSCRIPTION_STATUSES } from "../../../src/domain/subscription/subscription.ts";
import { MARCH, paidStanding } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";

const YEAR = { start: MARCH.start, end: at("2027-03-10") };
const MAY = { subscriptionId: "sub_one", start: at("2026-05-10") };
const FREE = { subscriptionId: null, start: at("2026-05-01") };

describe("isLookDue", () => {
  const account = (changes: { standing?: Standing | null; lookedAt?: Date | null } = {}) => ({
    customerId: "cus_one",
    standing: paidStanding(YEAR),
    lookedAt: at("2026-05-10T00:00:00Z"),
    ...changes,
  });
  const during = at("2026-05-20");

  it("P37 is not due in a month that somebody has looked at since it began", () => {
    expect(isLookDue(account(), MAY, during)).to.equal(false);
  });

  for (const lookedAt of [null, at("2026-03-11"), at("2026-05-09T23:59:59.999Z")]) {
    it(`P37 is due in a month of a paid year that began after the last look (${lookedAt})`, () => {
      expect(isLookDue(account({ lookedAt }), MAY, during)).to.equal(true);
    });
  }

  it("P37 takes a month that begins a millisecond later than its second for its second", () => {
    const month = { ...MAY, start: at("2026-05-10T00:00:00.001Z") };
    expect(isLookDue(account(), month, during)).to.equal(false);
  });

  it("P37 is not due because a free month begins", () => {
    const standing = paidStanding(YEAR, "pro", { status: "canceled" });
    expect(isLookDue(account({ standing, lookedAt: at("2026-04-01") }), FREE, during)).to.equal(
      false,
    );
  });

  for (const status of SUBSCRIPTION_STATUSES) {
    const isExpected = ["active", "trialing", "past_due"].includes(status);
    it(`P37 ${isExpected ? "expects" : "expects no"} renewal of one that is ${status}`, () => {
      const over = account({ standing: paidStanding(MARCH, "pro", { status }), lookedAt: during });
      expect(isLookDue(over, FREE, at("2026-04-09T23:59:59Z"))).to.equal(false);
      expect(isLookDue(over, FREE, MARCH.end)).to.equal(isExpected);
    });
  }

  it("P37 is due for a tenant that an older release has left behind, whatever its month", () => {
    expect(isLookDue(account({ standing: null }), FREE, during)).to.equal(true);
  });

  it("P37 is never due for a tenant without a customer", () => {
    const nobody = { customerId: null, standing: null, lookedAt: null };
    expect(isLookDue(nobody, MAY, during)).to.equal(false);
  });
});
