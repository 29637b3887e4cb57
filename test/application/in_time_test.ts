import { expect } from "chai";
import { inTime, LONGEST_WAIT_MS } from "../../src/application/in_time.ts";
import { PortError } from "../../src/application/ports/port_error.ts";
import { useFakeTimers } from "../rig/fake_timers.ts";

const limit = { action: "read the balance" };

describe("inTime", () => {
  const timers = useFakeTimers();

  it("P34 gives up a work that hangs, within five seconds", async () => {
    expect(LONGEST_WAIT_MS).to.be.below(5_000);
    let seen: unknown;
    inTime(new Promise(() => undefined), limit).catch((error: unknown) => {
      seen = error;
    });
    await timers.pass(LONGEST_WAIT_MS - 1);
    expect(seen).to.equal(undefined);
    await timers.pass(1);
    expect(seen).to.be.instanceOf(PortError);
    expect(seen).to.deep.include({ transient: true });
    expect(String(seen)).to.include("Cannot read the balance: no answer within 4500 ms");
  });

  it("answers what the work answers, and fails as it fails", async () => {
    expect(await inTime(Promise.resolve(1), limit)).to.equal(1);
    const error = new TypeError("a bug");
    expect(await inTime(Promise.reject(error), limit).catch((seen: unknown) => seen)).to.equal(
      error,
    );
  });

  it("leaves no failure unhandled that comes too late", async () => {
    const late = Promise.withResolvers<never>();
    const given = inTime(late.promise, limit).catch(() => "given up");
    await timers.pass(LONGEST_WAIT_MS);
    expect(await given).to.equal("given up");
    late.reject(new Error("nobody hears it"));
    await timers.pass(0);
  });
});
