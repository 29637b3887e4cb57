import { expect } from "chai";
import { RequestBudget } from "../../../src/adapters/stripe/request_budget.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { FakeTime } from "./fake_time.ts";

describe("RequestBudget", () => {
  let time: FakeTime;
  let budget: RequestBudget;
  const signal = new AbortController().signal;

  beforeEach(() => {
    time = new FakeTime();
    budget = new RequestBudget({ requestsPerSecond: 10 }, time);
  });

  /** How long `count` requests take, in milliseconds. */
  async function elapsed(count: number): Promise<number> {
    const from = time.nowMs;
    for (let sent = 0; sent < count; sent += 1) {
      await budget.take(signal);
    }
    return time.nowMs - from;
  }

  it("lets the requests of one second through at once, then so many per second", async () => {
    expect(await elapsed(10)).to.equal(0);
    expect(await elapsed(10)).to.be.closeTo(1_000, 20);
    expect(await elapsed(50)).to.be.closeTo(5_000, 100);
  });

  it("saves up for one second at most", async () => {
    await elapsed(10);
    time.nowMs += 60_000;
    expect(await elapsed(10)).to.equal(0);
    expect(await elapsed(1)).to.be.closeTo(100, 2);
  });

  it("serves those who wait in the order in which they came", async () => {
    await elapsed(10);
    const served: number[] = [];
    await Promise.all(
      [1, 2, 3, 4].map((name) => budget.take(signal).then(() => served.push(name))),
    );
    expect(served).to.deep.equal([1, 2, 3, 4]);
  });

  it("P37 honours Retry-After, and goes on at half the rate", async () => {
    budget.refused(7_000);
    expect(await elapsed(1)).to.be.closeTo(7_200, 10);
    expect(budget.rate).to.equal(5);
    expect(await elapsed(10)).to.be.closeTo(2_000, 20);
  });

  it("P37 waits ever longer where no time is named, scattered, up to half a minute", async () => {
    const pauses: number[] = [];
    for (let refusals = 0; refusals < 10; refusals += 1) {
      const from = time.nowMs;
      time.luck = refusals % 2 === 0 ? 0 : 0.999;
      budget.refused(null);
      await budget.take(signal);
      pauses.push(time.nowMs - from);
    }
    expect(pauses[0]).to.be.within(125, 500);
    expect(pauses[1]).to.be.greaterThan(pauses[0] ?? 0);
    expect(Math.max(...pauses)).to.be.within(15_000, 32_000);
    expect(budget.rate).to.equal(10 / 16);
  });

  it("takes refusals of requests that were under way together for one", () => {
    for (let index = 0; index < 8; index += 1) {
      budget.refused(null);
    }
    expect(budget.rate).to.equal(5);
  });

  it("recovers with what is accepted, never beyond the rate that was set", async () => {
    budget.refused(null);
    await budget.take(signal);
    budget.refused(null);
    expect(budget.rate).to.equal(2.5);
    for (let index = 0; index < 25; index += 1) {
      budget.accepted();
    }
    expect(budget.rate).to.be.closeTo(7.5, 0.001);
    for (let index = 0; index < 100; index += 1) {
      budget.accepted();
    }
    expect(budget.rate).to.equal(10);
  });

  it("ends all waiting when it is told to stop", async () => {
    const real = new RequestBudget({ requestsPerSecond: 10 });
    const stopping = new AbortController();
    real.refused(600_000);
    const waiting = [real.take(stopping.signal), real.take(stopping.signal)];
    stopping.abort();
    for (const turn of waiting) {
      const error = await turn.catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(PortError);
    }
  });

  it("refuses rates that are none", () => {
    for (const requestsPerSecond of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new RequestBudget({ requestsPerSecond })).to.throw(TypeError, "positive");
    }
  });
});
