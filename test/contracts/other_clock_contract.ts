import { expect } from "chai";
import type { OtherClock } from "../../src/application/ports/clock.ts";
import { useFresh } from "../rig/use_fresh.ts";
import { expectPortError } from "./contract_subject.ts";

/** A clock that was never asked, and what it shows. */
export interface ClockSubject {
  readonly clock: OtherClock;
  /** One of the same kind that cannot be reached. */
  readonly unreachable: OtherClock;
  /** From and to when it may show, once it is asked. */
  readonly shows: () => readonly [earliest: Date, latest: Date];
  close(): Promise<void>;
}

/**
 * The behaviours that every `OtherClock` has.
 *
 * @param name what is tested, as in `StripeClock`
 */
export function otherClockContract(name: string, open: () => Promise<ClockSubject>): void {
  describe(`${name} as OtherClock`, () => {
    const subject = useFresh(open);

    it("P25 says nothing before it was asked, then its time and when that was", async () => {
      const { clock, shows } = subject;
      expect(clock.latest()).to.equal(undefined);
      const beforeMs = performance.now();
      await clock.ask();
      const [earliest, latest] = shows();
      const { time, resolutionMs, askedMs, answeredMs } = clock.latest() ?? expect.fail("asked");
      expect(+time).to.be.within(+earliest - resolutionMs, +latest);
      expect(resolutionMs).to.be.within(1, 1_000);
      expect(askedMs).to.be.within(beforeMs, answeredMs);
      expect(answeredMs).to.be.within(askedMs, performance.now());
    });

    it("P25 can be asked again", async () => {
      const { clock } = subject;
      await clock.ask();
      const first = clock.latest() ?? expect.fail("asked");
      await clock.ask();
      expect(clock.latest()?.answeredMs).to.be.at.least(first.answeredMs);
    });

    it("P25 throws PortError when it is out of reach, and says nothing then", async () => {
      const { unreachable } = subject;
      await expectPortError(unreachable.ask());
      expect(unreachable.latest()).to.equal(undefined);
    });
  });
}
