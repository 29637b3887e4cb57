import { request } from "node:http";
import { expect } from "chai";
import { submit, visit } from "./browser.ts";
import { openCheckout, type Rig, START, seed, startRig, stopRigs, subscribe } from "./rig.ts";

function statusFor({ sandbox }: Rig, host: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { port } = sandbox;
    request({ host: "127.0.0.1", port, path, headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

describe("the sandbox's guard", () => {
  afterEach(stopRigs);

  it("answers control calls and pages under local names only", async () => {
    const rig = await startRig();
    for (const host of ["localhost:1", "127.0.0.1", "[::1]:80", "app.localhost"]) {
      expect(await statusFor(rig, host, "/_sandbox/clock"), host).to.equal(200);
    }
    for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example"]) {
      for (const path of ["/_sandbox/clock", "/", "/c/pay/cs_test_x", "/V1/x"]) {
        expect(await statusFor(rig, host, path), `${host} ${path}`).to.equal(403);
      }
    }
  });

  it("takes JSON only, so that other sites' forms cannot change anything", async () => {
    const rig = await startRig();
    for (const type of ["text/plain", "application/x-www-form-urlencoded", undefined]) {
      const response = await fetch(`${rig.sandbox.url}/_sandbox/reset`, {
        method: "POST",
        ...(type !== undefined && { headers: { "content-type": type }, body: "{}" }),
      });
      expect(response.status, type).to.equal(415);
    }
    const broken = await fetch(`${rig.sandbox.url}/_sandbox/reset`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{",
    });
    expect(broken.status).to.equal(400);
    expect(await broken.json()).to.have.property("error");
    expect((await rig.control("GET", "/nonsense")).status).to.equal(404);
  });

  it("moves the clock from the sandbox's own page only", async () => {
    const rig = await startRig();
    const page = await visit(rig.sandbox.url);
    for (const headers of [
      { origin: "https://evil.example" },
      { "sec-fetch-site": "cross-site", origin: rig.sandbox.url },
      {},
    ]) {
      const refused = await submit(rig.sandbox.url, page, { by: "day" }, { headers });
      expect(refused.status, JSON.stringify(headers)).to.equal(403);
    }
    expect(rig.sandbox.now().toISOString()).to.equal(START);
  });
});

describe("the sandbox's first page", () => {
  afterEach(stopRigs);

  it("says what it is and shows checkouts, customers and deliveries", async () => {
    const rig = await startRig();
    const catalog = await seed(rig);
    await subscribe(rig, catalog);
    const open = await openCheckout(rig, catalog);
    const page = await visit(rig.sandbox.url);
    for (const shown of [
      "Sandbox — no real money",
      "2026-01-31 10:00:00 UTC",
      catalog.customer.id,
      "Pro Active Renews February 28, 2026",
      "checkout.session.completed",
      "Delivered",
      rig.receiver.url,
    ]) {
      expect(page.text).to.contain(shown);
    }
    expect(Object.values(page.links)).to.deep.equal([`/c/pay/${open.id}`]);
    expect((await visit(`${rig.sandbox.url}/nowhere`)).status).to.equal(404);
    const style = await fetch(`${rig.sandbox.url}/sandbox.css`);
    expect(style.headers.get("content-type")).to.contain("text/css");
    const icon = await fetch(`${rig.sandbox.url}/sandbox.svg`);
    expect(icon.headers.get("content-type")).to.contain("image/svg+xml");
  });

  it("advances an hour, a day, a month and to the next renewal", async () => {
    const rig = await startRig();
    await subscribe(rig, await seed(rig));
    const headers = { origin: rig.sandbox.url };
    const move = async (by: string) =>
      submit(rig.sandbox.url, await visit(rig.sandbox.url), { by }, { headers });
    expect((await move("day")).status).to.equal(303);
    expect(rig.sandbox.now().toISOString()).to.equal("2026-02-01T10:00:00.000Z");
    await move("renewal");
    expect(rig.sandbox.now().toISOString(), "after the charge").to.equal(
      "2026-02-28T11:00:00.000Z",
    );
    expect((await rig.stripe.invoices.list({ status: "paid" })).data).to.have.length(2);
    await move("month");
    expect(rig.sandbox.now().toISOString()).to.equal("2026-03-31T11:00:00.000Z");
    await move("hour");
    expect(rig.sandbox.now().toISOString()).to.equal("2026-03-31T12:00:00.000Z");
    expect((await move("year")).status).to.equal(400);
  });

  it("charges what falls due in a month, and delivers it before it answers", async () => {
    const rig = await startRig();
    await subscribe(rig, await seed(rig));
    await rig.advance({ to: "2026-01-31T10:00:00Z" });
    rig.receiver.received.length = 0;
    const headers = { origin: rig.sandbox.url };
    const page = await visit(rig.sandbox.url);
    await rig.advance({ to: "2026-02-28T09:30:00Z" });
    await submit(rig.sandbox.url, page, { by: "renewal" }, { headers });
    expect(rig.receiver.types()).to.include("invoice.paid");
    rig.receiver.received.length = 0;
    await submit(rig.sandbox.url, page, { by: "month" }, { headers });
    expect(rig.sandbox.now().toISOString()).to.equal("2026-03-31T11:00:00.000Z");
    expect(rig.receiver.types()).to.include("invoice.paid");
  });
});
