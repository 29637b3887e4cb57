import { expect } from "chai";
import { MeasureClock } from "../../../src/application/installation/measure_clock.ts";
import type { OtherClock, OtherClocks } from "../../../src/application/ports/clock.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { showing } from "./clock_readings.ts";

const NOW = new Date("2026-11-25T10:00:00Z");

/** A clock that shows something only once it was asked, and then fails where it is to. */
function asked(offBySeconds: number, failure?: Error): OtherClock {
  let latest: ReturnType<OtherClock["latest"]>;
  return {
    latest: () => latest,
    ask: async () => {
      if (failure !== undefined) {
        throw failure;
      }
      latest = showing(new Date(+NOW + offBySeconds * 1_000)).latest();
    },
  };
}

const outOfReach = () => asked(0, new PortError("Cannot ask: no answer", { transient: true }));

describe("MeasureClock", () => {
  const measure = (otherClocks: OtherClocks) =>
    new MeasureClock({ clock: () => NOW, otherClocks }).execute();

  it("P25 asks every other clock, and answers how ours compares", async () => {
    expect((await measure({ stripe: asked(0), database: asked(0) })).verdict).to.equal("ok");
    for (const others of [
      { stripe: asked(-31), database: asked(0) },
      { stripe: asked(0), database: asked(31) },
    ]) {
      expect((await measure(others)).verdict).to.equal("wrong");
    }
  });

  it("P25 one that is out of reach leaves open what it shows, and keeps no other from being asked", async () => {
    const both = { stripe: outOfReach(), database: outOfReach() };
    expect(await measure(both)).to.deep.equal({ verdict: "unknown", skewsMs: {} });
    const { verdict, skewsMs } = await measure({ stripe: outOfReach(), database: asked(45) });
    expect(verdict).to.equal("wrong");
    expect(skewsMs.database).to.be.within(-45_000 - 5_000, -45_000 + 5_000);
    expect(skewsMs).to.not.have.property("stripe");
  });

  it("P25 what was found wrong stays so while nobody can be asked", async () => {
    const late = showing(new Date(+NOW - 40_000));
    const ask = () => Promise.reject(new PortError("Cannot ask: gone", { transient: true }));
    expect((await measure({ stripe: { ...late, ask } })).verdict).to.equal("wrong");
  });

  it("P25 asks nobody where the host has given the clock", async () => {
    expect(await measure({})).to.deep.equal({ verdict: "ok", skewsMs: {} });
  });

  it("does not hide a programmer's error", async () => {
    const mistake = new TypeError("Cannot ask: a bug");
    const error = await measure({ stripe: asked(0, mistake) }).catch((caught: unknown) => caught);
    expect(error).to.equal(mistake);
  });
});
