import { mock } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { expect } from "chai";
import type { Billing } from "../../src/application/billing.ts";
import { startWorkers } from "../../src/composition/start_workers.ts";
import { SETTINGS, useBilling } from "../rig/billing_fixture.ts";

const HOUR_MS = 3_600_000;

describe("startWorkers", () => {
  const fixture = useBilling();

  it("P03 P40 needs of a host its billing, settings and log only, and runs what is due", async () => {
    await fixture.addSubscriber();
    await fixture.receive();
    fixture.advance(1_000 * SETTINGS.eventFirstAttemptSeconds + 1);
    const handled = Promise.withResolvers<object>();
    const log = { warn: () => undefined, error: handled.reject, info: handled.resolve };
    const workers = startWorkers(fixture.billing, SETTINGS, log);
    expect(await handled.promise).to.include({ eventId: "evt_one", state: "done" });
    await workers.stop();
    expect((await fixture.account())?.subscription?.planSlug).to.equal("pro");
  });

  /** How often all tenants are compared with Stripe within two days. */
  async function comparisons(reconcileIntervalMinutes: number): Promise<number> {
    let count = 0;
    const execute = async () => {
      count += 1;
      return { type: "since_too_early", earliest: fixture.now } as const;
    };
    const reconcile = { execute } as unknown as Billing["reconcile"];
    const log = { warn: () => undefined, error: expect.fail, info: () => undefined };
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const settings = { ...SETTINGS, reconcileIntervalMinutes };
      const workers = startWorkers({ ...fixture.billing, reconcile }, settings, log);
      for (let hour = 0; hour < 48; hour += 1) {
        mock.timers.tick(HOUR_MS);
        await turn();
      }
      await workers.stop();
    } finally {
      mock.timers.reset();
    }
    return count;
  }

  it("P37 compares with Stripe at its interval, and where that is 0 leaves it to commands", async () => {
    expect(await comparisons(360)).to.be.within(7, 8);
    expect(await comparisons(0)).to.equal(0);
  });
});
