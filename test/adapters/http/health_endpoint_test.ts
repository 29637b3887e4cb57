import { expect } from "chai";
import { CheckReadiness } from "../../../src/application/installation/check_readiness.ts";
import { showing } from "../../application/installation/clock_readings.ts";
import { startTestService, useService } from "../../rig/service_rig.ts";

describe("GET /healthz and /readyz", () => {
  const service = useService();

  it("are open to everybody and say that all is well", async () => {
    const alive = await service.send("/healthz", { headers: {} });
    expect([alive.status, alive.body]).to.deep.equal([200, { status: "ok" }]);
    const ready = await service.send("/readyz", { headers: {} });
    expect(ready.status).to.equal(200);
    expect(ready.body).to.deep.equal({
      status: "ok",
      database: "ok",
      indexes: "ok",
      catalog: "ok",
      clock: "ok",
    });
  });

  it("say what is missing while the process stays alive", async () => {
    await service.store.close();
    const { status, body } = await service.send("/readyz", { headers: {} });
    expect(status).to.equal(503);
    expect(body).to.deep.equal({
      status: "unavailable",
      database: "failing",
      indexes: "unknown",
      catalog: "unknown",
      clock: "ok",
    });
    expect((await service.send("/healthz", { headers: {} })).status).to.equal(200);
  });

  it("P25 say when the clock is not Stripe's, and go on when it is right again", async () => {
    let now = new Date();
    const otherClocks = { stripe: showing(now, 1_000) };
    const skewed = await startTestService({
      billing: (billing) => ({
        ...billing,
        checkReadiness: new CheckReadiness({ store: service.store, clock: () => now, otherClocks }),
      }),
    });
    const answers = [];
    for (const offMs of [0, -40_000, 40_000]) {
      now = new Date(now.getTime() + offMs);
      const { status, body } = await skewed.send("/readyz", { headers: {} });
      answers.push([status, body.clock]);
    }
    await skewed.close();
    expect(answers).to.deep.equal([
      [200, "ok"],
      [503, "wrong"],
      [200, "ok"],
    ]);
  });

  it("say that the process stops, while it goes on living", async () => {
    const stopping = await startTestService({ isStopping: () => true });
    const ready = await stopping.send("/readyz", { headers: {} });
    const alive = await stopping.send("/healthz", { headers: {} });
    const served = await stopping.send("/billing/plans");
    await stopping.close();
    expect([ready.status, ready.body]).to.deep.equal([503, { status: "stopping" }]);
    expect([alive.status, served.status]).to.deep.equal([200, 200]);
  });

  it("say when the catalogue was never synchronised", async () => {
    const empty = await startTestService({ catalog: null });
    const { status, body } = await empty.send("/readyz", { headers: {} });
    await empty.close();
    expect([status, body.catalog]).to.deep.equal([503, "not_synchronized"]);
  });
});
