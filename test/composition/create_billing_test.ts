import { expect } from "chai";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../../src/adapters/stripe/connect_stripe.ts";
import type { OtherClock } from "../../src/application/ports/clock.ts";
import { billingPorts } from "../../src/composition/billing_ports.ts";
import {
  type CreateBillingOptions,
  createBilling,
  type EmbeddedBilling,
} from "../../src/composition/create_billing.ts";
import { showing } from "../application/installation/clock_readings.ts";
import { SETTINGS } from "../rig/billing_fixture.ts";
import { memoryLogger } from "../rig/service_rig.ts";
import { sampleEvent } from "../samples/events.ts";

const SURROUNDINGS = { livemode: false, dashboardUrl: "https://app.example.com/billing" };
const stripe = { secretKey: "sk_test_clock", webhookSecrets: ["whsec_test"] };

/** A clock that shows something else than this machine's. */
function offBy(seconds: number): OtherClock {
  return showing(new Date(Date.now() + seconds * 1_000), 1_000);
}

function dependencies(clock: OtherClock) {
  return { store: openSqliteStore(":memory:"), payments: { ...connectStripe(stripe), clock } };
}

describe("createBilling", () => {
  const settings = { ...SURROUNDINGS, ledgerKeys: [] };

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

describe("createBilling in a host", () => {
  const event = { rawBody: new Uint8Array(), signature: "genuine" };
  const warnings: string[] = [];
  const hear = ({ name, message }: Error) => warnings.push(`${name}: ${message}`);

  beforeEach(() => {
    warnings.length = 0;
    process.on("warning", hear);
  });
  afterEach(() => process.off("warning", hear));

  function host(options: Partial<CreateBillingOptions> = {}): EmbeddedBilling {
    const store = openSqliteStore(":memory:");
    const verifier = { mayBeGenuine: () => true, verify: async () => sampleEvent() };
    const payments = { ...connectStripe(stripe), verifier };
    const settings = { ...SURROUNDINGS, ledgerKeys: [] };
    return createBilling({ store, payments, settings, clock: () => new Date(0), ...options });
  }

  async function receiveTwice({ receiveStripeEvent }: EmbeddedBilling): Promise<void> {
    await receiveStripeEvent.execute(event);
    await receiveStripeEvent.execute(event);
    await new Promise(setImmediate);
  }

  it("P08 P40 tells it once, with the first event, that nobody has started the workers", async () => {
    const billing = host();
    expect(warnings).to.deep.equal([]);
    await receiveTwice(billing);
    await billing.close();
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain("call billing.startWorkers({ logger })");
  });

  it("P40 tells nothing where workers run, here or elsewhere", async () => {
    const { logger } = memoryLogger();
    const [here, elsewhere] = [host(), host({ workersElsewhere: true })];
    here.startWorkers({ logger });
    await receiveTwice(here);
    await receiveTwice(elsewhere);
    await here.close();
    await elsewhere.close();
    expect(warnings).to.deep.equal([]);
  });

  it("P40 P41 tells it once that handlers are not called where no workers run", async () => {
    const { logger } = memoryLogger();
    const [elsewhere, both] = [host({ workersElsewhere: true }), host({ workersElsewhere: true })];
    both.startWorkers({ logger });
    for (const billing of [elsewhere, both, host()]) {
      billing.on("pack.bought", () => undefined);
      billing.on("pack.refunded", () => undefined);
      await new Promise(setImmediate);
      await billing.close();
    }
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain("workersElsewhere says that it has none");
  });

  it("P30 P40 tells it once that ledgers without keys can be forged, unless that is meant", async () => {
    const ledgerKeys = [`2026:${"k".repeat(32)}`];
    for (const [settings, expected] of [
      [SURROUNDINGS, ["set settings.ledgerKeys"]],
      [{ ...SURROUNDINGS, ledgerKeys }, []],
      [{ ...SURROUNDINGS, ledgerKeys: [] }, []],
    ] as const) {
      warnings.length = 0;
      const billing = host({ settings, workersElsewhere: true });
      await receiveTwice(billing);
      await billing.close();
      expect(warnings).to.have.length(expected.length);
      expect(warnings.join()).to.contain(expected.join());
    }
  });

  it("P40 starts workers once, stops them with itself, and again after they were stopped", async () => {
    const { logger, log } = memoryLogger();
    const billing = host();
    const [first, second] = [billing.startWorkers({ logger }), billing.startWorkers({ logger })];
    await first.stop();
    await second.stop();
    await receiveTwice(billing);
    expect(warnings).to.have.length(1);
    billing.startWorkers({ logger });
    await billing.close();
    expect(log.text()).to.equal("");
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
