import { expect } from "chai";
import fc from "fast-check";
import {
  type BillingEvent,
  failedOutcome,
  HANDLED_EVENT_TYPES,
  ignoreReason,
} from "../../../src/domain/events/billing_event.ts";
import { at } from "../../samples/dates.ts";

const event: BillingEvent = {
  id: "evt_one",
  type: "invoice.paid",
  createdAt: at("2026-03-10"),
  livemode: false,
  connectedAccount: null,
  customerId: "cus_one",
  payload: "{}",
};

describe("ignoreReason", () => {
  for (const type of HANDLED_EVENT_TYPES) {
    it(`P06 acts on ${type}`, () => {
      expect(ignoreReason({ ...event, type }, false)).to.equal(null);
    });
  }

  const table: [string, Partial<BillingEvent>, boolean, string][] = [
    ["an unknown type", { type: "a.type.of.2031" }, false, 'type "a.type.of.2031" is not handled'],
    ["a similar type", { type: "invoice.paid " }, false, 'type "invoice.paid " is not handled'],
    ["a live event in a test", { livemode: true }, false, "a live event reached a test deployment"],
    ["a test event in production", {}, true, "a test event reached a live deployment"],
    [
      "a connected account's event",
      { connectedAccount: "acct_other" },
      false,
      "it belongs to a connected account",
    ],
    ["an event about nobody", { customerId: null }, false, "it names no customer"],
    [
      "the first reason of several",
      { type: "x", livemode: true },
      false,
      'type "x" is not handled',
    ],
  ];
  for (const [what, changes, livemode, reason] of table) {
    it(`P06 gives the reason for ${what}`, () => {
      expect(ignoreReason({ ...event, ...changes }, livemode)).to.equal(reason);
    });
  }

  it("P06 acts on live events in production", () => {
    expect(ignoreReason({ ...event, livemode: true }, true)).to.equal(null);
  });
});

describe("failedOutcome", () => {
  const now = at("2026-03-10");
  const policy = { eventMaxAttempts: 6, eventRetryBaseMs: 1_000, eventRetryMaxMs: 5_000 };

  it("P08 doubles the wait with every failure up to the longest, then gives up", () => {
    const waits = [1, 2, 3, 4, 5, 6].map((attempts) => {
      const failure = { attempts, reason: "down", now, random: 1 - Number.EPSILON };
      const outcome = failedOutcome(failure, policy);
      return outcome.state === "failed" ? outcome.nextAttemptAt.getTime() - now.getTime() : outcome;
    });
    const dead = { state: "dead", reason: "down" };
    expect(waits).to.deep.equal([1_000, 2_000, 4_000, 5_000, 5_000, dead]);
  });

  it("P08 spreads retries over the second half of the wait", () => {
    const earliest = failedOutcome({ attempts: 2, reason: "down", now, random: 0 }, policy);
    expect(earliest).to.deep.equal({
      state: "failed",
      reason: "down",
      nextAttemptAt: new Date(now.getTime() + 1_000),
    });
  });

  it("P08 is bounded for every policy, attempt and random number", () => {
    const policies = fc.record({
      eventMaxAttempts: fc.integer({ min: 1, max: 5_000 }),
      eventRetryBaseMs: fc.integer({ min: 1, max: 600_000 }),
      eventRetryMaxMs: fc.integer({ min: 1, max: 86_400_000 }),
    });
    const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        policies,
        fc.integer({ min: 1, max: 6_000 }),
        randoms,
        (any, attempts, random) => {
          const outcome = failedOutcome({ attempts, reason: "down", now, random }, any);
          expect(outcome.state).to.equal(attempts >= any.eventMaxAttempts ? "dead" : "failed");
          if (outcome.state === "failed") {
            const wait = outcome.nextAttemptAt.getTime() - now.getTime();
            expect(wait).to.be.within(1, any.eventRetryMaxMs);
          }
        },
      ),
    );
  });
});
