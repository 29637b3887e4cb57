import { expect } from "chai";
import express from "express";
import { type AppOptions, createApp } from "../../../../src/adapters/http/app.ts";
import { createBillingRouter } from "../../../../src/adapters/http/billing_router.ts";
import { useMany } from "../../../rig/use_fresh.ts";
import { openConnection } from "../server/open_connection.ts";
import { deliver, eventBody, startWithCustomer } from "./stripe_delivery.ts";

describe("P01 POST /billing/webhook in a host that parses bodies", () => {
  const start = useMany(startWithCustomer);

  const behind = (...parsers: express.RequestHandler[]) => ({
    app: (options: AppOptions) => express().use(...parsers, createApp(options)),
  });

  it("answers 500 raw_body_unavailable, and the log says what to do", async () => {
    for (const parser of [express.json(), express.text({ type: () => true })]) {
      const service = await start(behind(parser));
      const { status, body } = await deliver(service, eventBody());
      expect([status, body.code]).to.deep.equal([500, "raw_body_unavailable"]);
      expect(service.log.text()).to.contain("Mount the router before express.json()");
      expect(await service.store.inbox.find("evt_1")).to.equal(undefined);
    }
  });

  it("works with bytes that the host kept in rawBody, and still checks them", async () => {
    const keeping = express.json({
      verify: (request, _response, rawBody) => {
        Object.assign(request, { rawBody });
      },
    });
    const service = await start(behind(keeping));
    expect((await deliver(service, eventBody())).status).to.equal(200);
    expect((await deliver(service, eventBody("evt_2"), "t=1,v1=00")).status).to.equal(400);
  });

  it("works with bytes that the host kept with express.raw()", async () => {
    const service = await start(behind(express.raw({ type: () => true })));
    expect((await deliver(service, eventBody())).status).to.equal(200);
  });

  it("takes a request without any body for what it is: not genuine", async () => {
    const service = await start();
    const request = "POST /billing/webhook HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    const { received, closed } = await openConnection(service.server.port, request);
    await closed;
    expect(received())
      .to.match(/^HTTP\/1.1 400 /)
      .and.contain("bad_signature");
  });

  it("does not take a rawBody that is text for the bytes", async () => {
    const service = await start(
      behind(express.json(), (request, _response, next) => {
        Object.assign(request, { rawBody: JSON.stringify(request.body) });
        next();
      }),
    );
    expect((await deliver(service, eventBody())).status).to.equal(500);
  });

  it("works when the router comes before the host's parser", async () => {
    const service = await start({
      app: (options) => express().use("/billing", createBillingRouter(options)).use(express.json()),
    });
    expect((await deliver(service, eventBody())).status).to.equal(200);
  });
});
