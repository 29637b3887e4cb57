import { expect } from "chai";
import { startTestService, type TestService } from "./test_service.ts";

describe("GET /healthz and /readyz", () => {
  let service: TestService;
  beforeEach(async () => {
    service = await startTestService();
  });
  afterEach(() => service.close());

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

  it("say when the catalogue was never synchronised", async () => {
    const empty = await startTestService({ catalog: false });
    const { status, body } = await empty.send("/readyz", { headers: {} });
    await empty.close();
    expect([status, body.catalog]).to.deep.equal([503, "not_synchronized"]);
  });
});
