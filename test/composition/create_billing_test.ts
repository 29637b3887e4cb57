import { expect } from "chai";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../../src/adapters/stripe/connect_stripe.ts";
import type { OtherClock } from "../../src/application/ports/clock.ts";
import { billingPorts } from "../../src/composition/billing_ports.ts";
import { createBilling } from "../../src/composition/create_billing.ts";
import { showing } from "../application/installation/clock_readings.ts";
import { SETTINGS } from "../rig/billing_fixture.ts";

const stripe = { secretKey: "sk_test_clock", webhookSecrets: ["whsec_test"] };

/** A clock that shows something else than this machine's. */
function offBy(seconds: number): OtherClock {
  return showing(new Date(Date.now() + seconds * 1_000), 1_000);
}

function dependencies(clock: OtherClock) {
  return { store: openSqliteStore(":memory:"), payments: { ...connectStripe(stripe), clock } };
}

describe("createBilling", () => {
  const settings = { livemode: false, dashboardUrl: "https://app.example.com/billing" };

  for (const [seconds, clock] of [
    [0, "ok"],
    [40, "wrong"],
    [-40, "wrong"],
  ] as const) {
    it(`P25 compares the system's clock with the provider's: ${seconds} s is ${clock}`, async () => {
      const billing = createBilling({ ...dependencies(offBy(seconds)), settings });
      expect(await billing.checkReadiness.execute()).to.have.property("clock", clock);
      const { verdict, skewsMs } = await billing.measureClock.execute();
      expect(verdict).to.equal(clock);
      expect(skewsMs).to.have.keys("stripe", "database");
      await billing.close();
    });
  }

  it("P25 believes a clock that it is given", async () => {
    const clock = () => new Date("2036-01-01T00:00:00Z");
    const billing = createBilling({ ...dependencies(offBy(0)), settings, clock });
    expect(await billing.measureClock.execute()).to.deep.equal({ verdict: "ok", skewsMs: {} });
    await billing.close();
  });
});

describe("billingPorts", () => {
  it("P25 tells what begins months whether the clock is trusted, at every moment anew", async () => {
    const common = { ...dependencies(offBy(0)), settings: SETTINGS };
    let now = new Date();
    const ports = billingPorts({
      ...common,
      clock: () => now,
      otherClocks: { stripe: showing(now) },
    });
    expect(ports.isClockTrusted()).to.equal(true);
    now = new Date(+now - 35_000);
    expect(ports.isClockTrusted()).to.equal(false);
    now = new Date(+now + 35_000);
    expect(ports.isClockTrusted()).to.equal(true);
    const given = billingPorts({ ...common, clock: () => new Date(0) });
    expect(given.isClockTrusted()).to.equal(true);
    await ports.close();
  });
});
