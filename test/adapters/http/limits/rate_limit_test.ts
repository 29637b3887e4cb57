import { expect } from "chai";
import { adminHeaders, useService } from "../../../rig/service_rig.ts";
import { FOREIGN_TENANT, token } from "../../../samples/http.ts";

describe("limitRate", () => {
  const clock = { ms: Date.now() };
  const service = useService({
    rateLimitPerMinute: 3,
    limitsClock: () => clock.ms,
    trustedProxies: 1,
    dashboard: (_request, response) => {
      response.writeHead(204).end();
    },
  });
  const userHeaders = (sub: string) => adminHeaders({ Authorization: `Bearer ${token({ sub })}` });

  async function statuses(count: number, headers: Record<string, string>, path = "/billing/plans") {
    const all: number[] = [];
    for (let n = 1; n <= count; n += 1) {
      all.push((await service.send(path, { headers })).status);
    }
    return all;
  }

  it("tells the limit, what is left and when it starts again, in Unix seconds", async () => {
    const { headers } = await service.send("/billing/plans");
    expect(headers.get("X-RateLimit-Limit")).to.equal("3");
    expect(headers.get("X-RateLimit-Remaining")).to.equal("2");
    const endsAt = 60 * (Math.floor(clock.ms / 60_000) + 1);
    expect(Number(headers.get("X-RateLimit-Reset"))).to.equal(endsAt);
    expect(headers.get("RateLimit")).to.match(/^"user-reads"; r=2; t=\d{1,2}$/);
    expect(headers.get("RateLimit-Policy")).to.match(/^"user-reads"; q=3; w=60; pk=:[\w+/=]+:$/);
  });

  it("answers 429 beyond the limit, in the shape of every error, with Retry-After", async () => {
    expect(await statuses(3, userHeaders("a"))).to.deep.equal([200, 200, 200]);
    const { status, body, headers } = await service.send("/billing/plans", {
      headers: userHeaders("a"),
    });
    expect(status).to.equal(429);
    expect(body).to.include({ statusCode: 429, code: "rate_limited", path: "/billing/plans" });
    expect(Number(headers.get("Retry-After"))).to.be.within(0, 60);
    expect(headers.get("X-RateLimit-Remaining")).to.equal("0");
  });

  it("begins anew with the next minute", async () => {
    expect(await statuses(4, userHeaders("a"))).to.deep.equal([200, 200, 200, 429]);
    clock.ms += 60_000;
    expect(await statuses(4, userHeaders("a"))).to.deep.equal([200, 200, 200, 429]);
  });

  it("counts every user apart, over all routes and tenants", async () => {
    expect(await statuses(4, userHeaders("a"))).to.deep.equal([200, 200, 200, 429]);
    const elsewhere = { ...userHeaders("a"), "X-Tenant-Id": FOREIGN_TENANT };
    expect(await statuses(1, elsewhere, "/billing/subscription")).to.deep.equal([429]);
    expect(await statuses(1, userHeaders("b"))).to.deep.equal([200]);
  });

  it("counts requests without a valid token by IP, whatever subject they claim", async () => {
    const all: number[] = [];
    for (const sub of ["a", "b", "c", "d"]) {
      const forged = `${token({ sub }).split(".").slice(0, 2).join(".")}.forged`;
      const headers = { Authorization: `Bearer ${forged}` };
      all.push((await service.send("/billing/plans", { headers })).status);
    }
    expect(all).to.deep.equal([401, 401, 401, 429]);
  });

  it("refuses an address before it looks at tokens, and other addresses not", async () => {
    const from = (ip: string) => ({ ...userHeaders("a"), "X-Forwarded-For": ip });
    const forged = { Authorization: "Bearer a.b.c", "X-Forwarded-For": "203.0.113.7" };
    expect(await statuses(3, forged)).to.deep.equal([401, 401, 401]);
    expect(await statuses(1, from("203.0.113.7"))).to.deep.equal([429]);
    expect(await statuses(1, from("203.0.113.8"))).to.deep.equal([200]);
  });

  it("does not count users by their address: they may share one", async () => {
    const headers = ["a", "b", "c"].map(userHeaders);
    const all = await Promise.all(
      headers.flatMap((each) => [1, 2, 3].map(() => statuses(1, each))),
    );
    expect(all.flat()).to.deep.equal(Array(9).fill(200));
    expect(await statuses(4, {})).to.deep.equal([401, 401, 401, 429]);
  });

  const uncounted: [string, RequestInit["method"], number][] = [
    ["/nothing", "GET", 404],
    ["/", "GET", 404],
    ["/billing/nothing", "GET", 404],
    ["/billing/plans", "DELETE", 405],
    ["/billing/webhook", "GET", 405],
    ["/billing/events/%ff", "GET", 400],
  ];
  for (const [path, method = "GET", status] of uncounted) {
    it(`counts what ${method} ${path} is answered, ${status}, by address`, async () => {
      const all = [];
      for (let n = 1; n <= 4; n += 1) {
        all.push((await service.send(path, { method, headers: userHeaders(`user-${n}`) })).status);
      }
      expect(all).to.deep.equal([status, status, status, 429]);
      const { body, headers } = await service.send(path, { method, headers: {} });
      expect([body.code, headers.has("Retry-After")]).to.deep.equal(["rate_limited", true]);
    });
  }

  it("takes the IP from the trusted proxy, and IPv6 by network", async () => {
    const from = (ip: string) => ({ "X-Forwarded-For": ip });
    expect(await statuses(4, from("203.0.113.7"))).to.deep.equal([401, 401, 401, 429]);
    expect(await statuses(1, from("198.51.100.1, 203.0.113.7"))).to.deep.equal([429]);
    expect(await statuses(1, from("203.0.113.8"))).to.deep.equal([401]);
    expect(await statuses(3, from("2001:db8::1"))).to.deep.equal([401, 401, 401]);
    expect(await statuses(1, from("2001:db8::2"))).to.deep.equal([429]);
  });

  it("counts health checks apart, so that nothing else keeps them from being answered", async () => {
    expect(await statuses(4, {})).to.deep.equal([401, 401, 401, 429]);
    const probes = await statuses(301, {}, "/healthz");
    expect([...new Set(probes.slice(0, 300)), probes.at(300)]).to.deep.equal([200, 429]);
    expect(await statuses(1, {}, "/readyz")).to.deep.equal([429]);
  });

  it("counts the page's files apart, as each visit takes many", async () => {
    expect(await statuses(4, {})).to.deep.equal([401, 401, 401, 429]);
    const pages = await statuses(31, {}, "/dashboard/billing");
    expect([...new Set(pages.slice(0, 30)), pages.at(30)]).to.deep.equal([204, 429]);
  });

  it("does not count webhooks", async () => {
    expect(await statuses(4, {})).to.deep.equal([401, 401, 401, 429]);
    for (let n = 1; n <= 5; n += 1) {
      const { status, headers } = await service.send("/billing/webhook", {
        body: "{}",
        headers: {},
      });
      expect(status).to.equal(400);
      expect(headers.has("X-RateLimit-Limit")).to.equal(false);
    }
  });
});
