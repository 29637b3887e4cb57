import { expect } from "chai";
import type { Billing } from "../../../../src/application/billing.ts";
import { adminHeaders, type Received, useService } from "../../../rig/service_rig.ts";
import { openConnection } from "../server/open_connection.ts";

const MOST = 3;

describe("boundWork", () => {
  let release: (() => void)[] = [];
  const service = useService({
    mostRequests: MOST,
    billing: (billing): Billing => ({
      ...billing,
      listPlans: Object.assign(Object.create(billing.listPlans), {
        execute: () => new Promise((resolve) => release.push(() => resolve([]))),
      }),
    }),
  });

  beforeEach(() => {
    release = [];
  });

  /** Requests that are worked on until they are released. */
  async function occupy(count: number): Promise<Promise<Received>[]> {
    const waiting = Array.from({ length: count }, () => service.send("/billing/plans"));
    while (release.length < count) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    return waiting;
  }

  function releaseAll(): void {
    for (const one of release.splice(0)) {
      one();
    }
  }

  it("refuses what is too much at once, with 503 and Retry-After, and takes it afterwards", async () => {
    const waiting = await occupy(MOST);
    const refused = await service.send("/billing/subscription");
    expect([refused.status, refused.body.code]).to.deep.equal([503, "overloaded"]);
    expect(refused.headers.get("Retry-After")).to.equal("1");
    releaseAll();
    expect((await Promise.all(waiting)).map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    expect((await service.send("/billing/subscription")).status).to.equal(200);
  });

  it("refuses webhooks likewise, which Stripe sends again", async () => {
    const waiting = await occupy(MOST);
    const { status, body } = await service.send("/billing/webhook", { body: "{}", headers: {} });
    expect([status, body.code]).to.deep.equal([503, "overloaded"]);
    releaseAll();
    await Promise.all(waiting);
  });

  it("answers health checks, and refuses strangers as ever", async () => {
    const waiting = await occupy(MOST);
    expect((await service.send("/healthz", { headers: {} })).status).to.equal(200);
    expect((await service.send("/billing/plans", { headers: {} })).status).to.equal(401);
    releaseAll();
    await Promise.all(waiting);
  });

  it("does not fill the log with what it refuses", async () => {
    const waiting = await occupy(MOST);
    await service.send("/billing/subscription");
    releaseAll();
    await Promise.all(waiting);
    const levels = service.log
      .lines()
      .filter(({ msg }) => msg === "Cannot answer the request")
      .map(({ level }) => level);
    expect(levels).to.deep.equal(["debug"]);
  });

  it("counts no longer what was cut off", async () => {
    const headers = Object.entries(adminHeaders()).map(([name, value]) => `${name}: ${value}`);
    const text = `GET /billing/plans HTTP/1.1\r\nHost: a\r\n${headers.join("\r\n")}\r\n\r\n`;
    const { port } = service.server;
    const clients = await Promise.all(
      Array.from({ length: MOST }, () => openConnection(port, text)),
    );
    while (release.length < MOST) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const { socket } of clients) {
      socket.destroy();
    }
    let last = 503;
    while (last === 503) {
      last = (await service.send("/billing/subscription")).status;
    }
    expect(last).to.equal(200);
    releaseAll();
  });
});
