import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import express, { type RequestHandler } from "express";
import {
  type QuotaGuardOptions,
  quotaGuard,
} from "../../../../src/adapters/http/guards/express_guards.ts";
import { countedRequest } from "../../../../src/adapters/http/guards/quota_guard.ts";
import type { Billing } from "../../../../src/application/billing.ts";
import { showing } from "../../../application/installation/clock_readings.ts";
import { BillingFixture } from "../../../rig/billing_fixture.ts";
import { TENANT } from "../../../samples/account.ts";
import { at } from "../../../samples/dates.ts";
import { unreliable } from "../../../samples/quota.ts";

/** An application of another service, with one guarded route. */
class SendApi {
  readonly server: Server;
  /** Ends the next handlers; default: the e-mails are queued. */
  handler: RequestHandler = (_request, response) => {
    response.status(202).json({ queued: true });
  };

  constructor(billing: Billing, options: Partial<QuotaGuardOptions> = {}) {
    const app = express();
    app.use(express.json());
    app.post(
      "/send",
      quotaGuard(billing, {
        count: (request) => request.body.to.length,
        tenant: () => TENANT,
        ...options,
      }),
      (request, response, next) => this.handler(request, response, next),
    );
    const hide: express.ErrorRequestHandler = (_error, _request, response, _next) => {
      response.status(500).json({ error: true });
    };
    app.use(hide);
    this.server = createServer(app).listen(0, "127.0.0.1");
  }

  async send(recipients: number): Promise<Response> {
    const { port } = this.server.address() as AddressInfo;
    return await fetch(`http://127.0.0.1:${port}/send`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ to: Array(recipients).fill("a@example.com") }),
    });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}

describe("quotaGuard", () => {
  let fixture: BillingFixture;
  let apis: SendApi[];

  beforeEach(async () => {
    fixture = await BillingFixture.open();
    apis = [];
  });
  afterEach(async () => {
    await Promise.all(apis.map((api) => api.close()));
    await fixture.close();
  });

  async function start(options: Partial<QuotaGuardOptions> = {}, billing = fixture.billing) {
    const api = new SendApi(billing, options);
    apis.push(api);
    await once(api.server, "listening");
    return api;
  }

  async function used(): Promise<number | undefined> {
    return (await fixture.store.emailUsage.find(TENANT))?.used;
  }

  /** What is used once it is `expected`: giving back goes on after the answer. */
  async function usedBecomes(expected: number): Promise<void> {
    for (let turn = 0; turn < 1_000 && (await used()) !== expected; turn += 1) {
      await new Promise(setImmediate);
    }
    expect(await used()).to.equal(expected);
  }

  it("P31 counts every recipient before the handler, and sets the headers", async () => {
    const api = await start();
    const { status, headers } = await api.send(420);
    expect(status).to.equal(202);
    expect(headers.get("X-Quota-Limit")).to.equal("1000");
    expect(headers.get("X-Quota-Used")).to.equal("420");
    expect(headers.get("X-Quota-Percentage")).to.equal("42");
    expect(headers.has("X-Quota-Warning")).to.equal(false);
    expect((await api.send(380)).headers.get("X-Quota-Warning")).to.equal("true");
  });

  it("P32 answers 429 in MailingCore's shape, and the handler does not run", async () => {
    const api = await start();
    await api.send(1_100);
    let ran = false;
    api.handler = () => {
      ran = true;
    };
    const response = await api.send(1);
    expect(response.status).to.equal(429);
    expect(await response.json()).to.deep.include({
      statusCode: 429,
      message: "Monthly email quota exceeded (110%). Upgrade your plan to continue sending.",
      path: "/send",
      quota: { limit: 1_000, used: 1_100, percentage: 110 },
      upgrade: { planSlug: "starter" },
    });
    expect(Number(response.headers.get("Retry-After"))).to.equal(1_425_600);
    expect(response.headers.get("X-Quota-Used")).to.equal("1100");
    expect(ran).to.equal(false);
  });

  it("P31 passes exactly what remains of 200 requests at once at two instances", async () => {
    const instances = [await start(), await start({}, fixture.process())];
    await instances[0]?.send(1_050);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => instances[index % 2]?.send(1)),
    );
    const counts = Object.groupBy(answers, (answer) => String(answer?.status));
    expect(counts["202"]).to.have.length(50);
    expect(counts["429"]).to.have.length(150);
    expect(await used()).to.equal(1_100);
  });

  for (const [failure, handler] of [
    ["answers 400", (_request, response) => response.status(400).json({})],
    [
      "throws",
      () => {
        throw new Error("no queue");
      },
    ],
    ["rejects", () => Promise.reject(new Error("no queue"))],
    ["passes an error on", (_request, _response, next) => next(new Error("no queue"))],
  ] as const satisfies readonly (readonly [string, RequestHandler])[]) {
    it(`P31 gives the e-mails back when the handler ${failure}`, async () => {
      const api = await start();
      await api.send(10);
      api.handler = handler;
      await api.send(25);
      await usedBecomes(10);
    });
  }

  it("P31 gives nothing back once the e-mails are queued", async () => {
    const api = await start();
    api.handler = (request, response) => {
      countedRequest(request)?.queued();
      response.status(500).json({});
    };
    await api.send(25);
    await api.send(5);
    expect(await used()).to.equal(30);
  });

  it("P31 gives back once when the handler does so itself", async () => {
    const api = await start();
    await api.send(100);
    api.handler = async (request, response) => {
      const counted = countedRequest(request);
      await counted?.release();
      await counted?.release();
      response.status(503).json({ used: counted?.quota?.used });
    };
    expect(await (await api.send(25)).json()).to.deep.equal({ used: 125 });
    await usedBecomes(100);
    await api.send(1);
    await usedBecomes(100);
  });

  it("P31 counts nothing for a request without recipients", async () => {
    const api = await start();
    const { status, headers } = await api.send(0);
    expect([status, headers.has("X-Quota-Used")]).to.deep.equal([202, false]);
    expect(await used()).to.equal(undefined);
  });

  it("P31 leaves a count that makes no sense to the application's error handler", async () => {
    const api = await start({ count: () => Number.NaN });
    expect((await api.send(1)).status).to.equal(500);
  });

  describe("P34 while the store is down", () => {
    async function startUnreliable(options: Partial<QuotaGuardOptions>) {
      const emailUsage = unreliable(fixture.store.emailUsage);
      const store = { ...fixture.store, emailUsage };
      const billing = fixture.process({ store });
      const api = await start(options, billing);
      return { api, billing, emailUsage };
    }

    it("answers 503 by default", async () => {
      const { api, billing, emailUsage } = await startUnreliable({});
      emailUsage.down = true;
      const response = await api.send(3);
      expect(response.status).to.equal(503);
      expect(response.headers.has("Retry-After")).to.equal(true);
      expect(await response.json()).to.deep.include({
        code: "temporarily_unavailable",
        path: "/send",
      });
      expect(billing.consumeEmailQuota.counts()).to.include({ failedClosed: 3 });
    });

    it("lets sends through where that was chosen, and counts them later", async () => {
      const { api, billing, emailUsage } = await startUnreliable({ whenStoreFails: "open" });
      await api.send(10);
      emailUsage.down = true;
      const response = await api.send(3);
      expect([response.status, response.headers.has("X-Quota-Used")]).to.deep.equal([202, false]);
      emailUsage.down = false;
      await api.send(1);
      expect(await used()).to.equal(14);
      expect(billing.consumeEmailQuota.counts()).to.include({ failedOpen: 3, countedLater: 3 });
    });

    it("P25 counts within the month while our clock is wrong, and asks for patience after it", async () => {
      const stripe = showing(fixture.now);
      const api = await start({}, fixture.process({ otherClocks: { stripe } }));
      await api.send(10);
      fixture.advance(60_000);
      expect((await api.send(5)).headers.get("X-Quota-Used")).to.equal("15");
      const sane = fixture.now;
      fixture.now = at("2026-04-02");
      let ran = false;
      api.handler = (_request, response) => {
        ran = true;
        response.status(202).json({});
      };
      const response = await api.send(1);
      expect(response.status).to.equal(503);
      expect(response.headers.get("Retry-After")).to.equal("60");
      expect(await response.json()).to.deep.include({ code: "clock_not_trusted", path: "/send" });
      expect([ran, await used()]).to.deep.equal([false, 15]);
      fixture.now = sane;
      expect((await api.send(1)).headers.get("X-Quota-Used")).to.equal("16");
    });

    it("tells when e-mails cannot be given back", async () => {
      const failed = Promise.withResolvers<unknown>();
      const { api, emailUsage } = await startUnreliable({ onReleaseError: failed.resolve });
      api.handler = (_request, response) => {
        emailUsage.down = true;
        response.status(500).json({});
      };
      await api.send(3);
      expect(await failed.promise).to.have.property("name", "PortError");
    });
  });
});
