import { expect } from "chai";
import { ClockWatch } from "../../../src/application/installation/clock_watch.ts";
import type { ClockReading, OtherClock } from "../../../src/application/ports/clock.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { SILENT_CLOCK } from "../silent_clock.ts";

const START = Date.parse("2026-11-25T10:00:00Z");
const OUT_OF_REACH = new PortError("Cannot ask: no answer", { transient: true });

/** A world with one real time, and clocks that are off by some seconds each. */
class Clocks {
  passedMs = 0;
  oursOffBy = 0;
  readonly #latest = new Map<string, ClockReading>();

  readonly watched = (others: Readonly<Record<string, number | Error>>) =>
    new ClockWatch({
      clock: () => new Date(START + this.passedMs + this.oursOffBy * 1_000),
      monotonicMs: () => this.passedMs,
      others: Object.fromEntries(
        Object.entries(others).map(([name, offBy]) => [name, this.#other(name, offBy)]),
      ),
    });

  #other(name: string, offBy: number | Error): OtherClock {
    return {
      latest: () => this.#latest.get(name),
      ask: async () => {
        if (typeof offBy !== "number") {
          throw offBy;
        }
        this.#latest.set(name, {
          time: new Date(START + this.passedMs + offBy * 1_000),
          resolutionMs: name === "stripe" ? 1_000 : 1,
          askedMs: this.passedMs,
          answeredMs: this.passedMs,
        });
      },
    };
  }
}

describe("ClockWatch", () => {
  let clocks: Clocks;
  beforeEach(() => {
    clocks = new Clocks();
  });

  for (const other of ["stripe", "database"] as const) {
    for (const [offBy, verdict] of [
      [0, "ok"],
      [29, "ok"],
      [-29, "ok"],
      [31, "wrong"],
      [-31, "wrong"],
    ] as const) {
      it(`P25 is ${verdict} where the ${other}'s clock is ${offBy} s off`, async () => {
        const watch = clocks.watched({ stripe: 0, database: 0, [other]: offBy });
        const state = await watch.execute();
        expect(state.verdict).to.equal(verdict);
        expect(watch.isTrusted()).to.equal(verdict === "ok");
        expect(state.skewsMs[other]).to.be.within(-offBy * 1_000 - 1_000, -offBy * 1_000 + 1_000);
      });
    }
  }

  it("P25 notices a step of our clock at once, in both directions, and that it is back", async () => {
    const watch = clocks.watched({ stripe: 0, database: 0 });
    await watch.execute();
    clocks.passedMs = 20_000;
    for (const step of [-3_600, 3_600, 10 * 365 * 86_400]) {
      clocks.oursOffBy = step;
      expect(watch.state().verdict, `${step} s`).to.equal("wrong");
      clocks.oursOffBy = 0;
      expect(watch.isTrusted()).to.equal(true);
    }
  });

  it("P25 not to know is not to be wrong: before anything is known, and in outages", async () => {
    const watch = clocks.watched({ stripe: OUT_OF_REACH, database: OUT_OF_REACH });
    expect(watch.state()).to.deep.equal({ verdict: "unknown", skewsMs: {} });
    expect(await watch.execute()).to.deep.equal({ verdict: "unknown", skewsMs: {} });
    expect(watch.isTrusted()).to.equal(true);
  });

  it("P25 one clock that answers is enough to be known, and to be wrong by", async () => {
    expect(
      (await clocks.watched({ stripe: OUT_OF_REACH, database: 0 }).execute()).verdict,
    ).to.equal("ok");
    const watch = clocks.watched({ stripe: OUT_OF_REACH, database: 31 });
    expect(await watch.execute()).to.deep.equal({
      verdict: "wrong",
      skewsMs: { database: -31_000 },
    });
  });

  it("P25 what was found wrong stays so while nobody can be asked", async () => {
    const others: Record<string, number | Error> = { stripe: 40, database: 0 };
    await clocks.watched(others).execute();
    const later = clocks.watched({ stripe: OUT_OF_REACH, database: OUT_OF_REACH });
    clocks.passedMs = 3_600_000;
    expect((await later.execute()).verdict).to.equal("wrong");
  });

  it("P25 believes a clock that the host has given: it is compared with none", async () => {
    const watch = clocks.watched({});
    clocks.oursOffBy = -86_400;
    expect(await watch.execute()).to.deep.equal({ verdict: "ok", skewsMs: {} });
    expect(watch.isTrusted()).to.equal(true);
  });

  it("does not hide a programmer's error", async () => {
    const mistake = new TypeError("Cannot ask: a bug");
    const error = await clocks
      .watched({ stripe: mistake })
      .execute()
      .catch((caught: unknown) => caught);
    expect(error).to.equal(mistake);
  });

  it("measures by the machine's own steady clock unless told otherwise", async () => {
    const watch = new ClockWatch({ clock: () => new Date(), others: { stripe: SILENT_CLOCK } });
    expect((await watch.execute()).verdict).to.equal("unknown");
  });
});
