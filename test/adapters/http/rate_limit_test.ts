import { expect } from "chai";
import { adminHeaders, useService } from "../../rig/service_rig.ts";
import { FOREIGN_TENANT, token } from "../../samples/http.ts";

describe("limitRate", () => {
  const service = useService({ rateLimitPerMinute: 3, trustedProxies: 1 });
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
    const seconds = Number(headers.get("X-RateLimit-Reset")) - Date.now() / 1000;
    expect(seconds).to.be.within(0, 61);
  });

  it("answers 429 beyond the limit, in the shape of every error, with Retry-After", async () => {
    expect(await statuses(3, userHeaders("a"))).to.deep.equal([200, 200, 200]);
    const { status, body, headers } = await service.send("/billing/plans", {
      headers: userHeaders("a"),
    });
    expect(status).to.equal(429);
    expect(body).to.include({ statusCode: 429, code: "rate_limited", path: "/billing/plans" });
    expect(Number(headers.get("Retry-After"))).to.be.within(1, 60);
    expect(headers.get("X-RateLimit-Remaining")).to.equal("0");
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
    expect(await statuses(1, userHeaders("a"))).to.deep.equal([200]);
  });

  it("takes the IP from the trusted proxy, and IPv6 by network", async () => {
    const from = (ip: string) => ({ "X-Forwarded-For": ip });
    expect(await statuses(4, from("203.0.113.7"))).to.deep.equal([401, 401, 401, 429]);
    expect(await statuses(1, from("198.51.100.1, 203.0.113.7"))).to.deep.equal([429]);
    expect(await statuses(1, from("203.0.113.8"))).to.deep.equal([401]);
    expect(await statuses(3, from("2001:db8::1"))).to.deep.equal([401, 401, 401]);
    expect(await statuses(1, from("2001:db8::2"))).to.deep.equal([429]);
  });

  it("does not count webhooks and health checks", async () => {
    expect(await statuses(5, {}, "/healthz")).to.deep.equal([200, 200, 200, 200, 200]);
    expect(await statuses(5, {}, "/readyz")).to.deep.equal([200, 200, 200, 200, 200]);
    for (let n = 1; n <= 5; n += 1) {
      const { status, headers } = await service.send("/billing/webhook", {
        body: "{}",
        headers: {},
      });
      expect(status).to.equal(400);
      expect(headers.has("X-RateLimit-Limit")).to.equal(false);
    }
    expect(await statuses(1, {})).to.deep.equal([401]);
  });
});
