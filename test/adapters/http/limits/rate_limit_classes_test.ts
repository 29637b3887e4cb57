import { expect } from "chai";
import { billingEndpoints } from "../../../../src/adapters/http/billing_router.ts";
import type { Endpoint, Requests } from "../../../../src/adapters/http/endpoint.ts";
import type { Billing } from "../../../../src/application/billing.ts";
import type { BillingStore } from "../../../../src/application/ports/billing_store.ts";
import { DEADLINES_MS } from "../../../../src/composition/within_deadlines.ts";
import { createLogger } from "../../../../src/kit/logger.ts";
import { startTestService, type TestService, useService } from "../../../rig/service_rig.ts";
import { TENANT } from "../../../samples/account.ts";
import { CHECKOUT, FOREIGN_TENANT, token } from "../../../samples/http.ts";

const LIMITS = {
  rateLimitPerMinute: 4,
  rateLimitWritesPerMinute: 3,
  rateLimitStripePerMinute: 2,
  rateLimitServicePerMinute: 5,
};
const READS = ["/billing/subscription"] as const;
const WRITES = ["/billing/alerts", { emailPercentages: [50], tokensBelow: null }] as const;
const ASKS = ["/billing/checkout/preview?planSlug=pro"] as const;
const SENDS = ["/billing/usage/emails", { count: 1 }] as const;

type Route = readonly [path: string, body?: unknown];

function userHeaders(sub = "user-1", claims = {}, tenantId = TENANT) {
  return { Authorization: `Bearer ${token({ sub, ...claims })}`, "X-Tenant-Id": tenantId };
}

function serviceHeaders(tenantId = TENANT, tenants: unknown = "*") {
  const claims = { scope: "openid billing:usage", tenants };
  return userHeaders("mailer", claims, tenantId);
}

async function statuses(
  service: TestService,
  times: number,
  [[path, body], headers]: readonly [Route, Record<string, string>],
): Promise<number[]> {
  const all: number[] = [];
  for (let n = 1; n <= times; n += 1) {
    const method = path.endsWith("/alerts") ? "PUT" : undefined;
    const sent = { headers, body, ...(method !== undefined && { method }) };
    all.push((await service.send(path, sent)).status);
  }
  return all;
}

describe("Limits by what a request costs", () => {
  const service = useService(LIMITS);

  it("count a user's reads, writes and calls of Stripe apart", async () => {
    const headers = userHeaders();
    expect(await statuses(service, 5, [READS, headers])).to.deep.equal([200, 200, 200, 200, 429]);
    expect(await statuses(service, 4, [WRITES, headers])).to.deep.equal([200, 200, 200, 429]);
    expect((await statuses(service, 3, [ASKS, headers])).at(-1)).to.equal(429);
    expect(await statuses(service, 1, [READS, userHeaders("user-2")])).to.deep.equal([200]);
  });

  it("name themselves, with what is left, and say nothing of the address", async () => {
    const { headers } = await service.send(ASKS[0], { headers: userHeaders() });
    expect(headers.get("RateLimit")).to.match(/^"user-stripe"; r=1; t=\d{1,2}$/);
    expect(headers.get("RateLimit-Policy")).to.match(/^"user-stripe"; q=2; w=60; pk=:\S+:$/);
    const refused = await service.send("/billing/plans", { headers: {} });
    expect(refused.headers.get("RateLimit")).to.match(/^"address"; r=3; t=\d{1,2}$/);
    const sent = await service.send(SENDS[0], { body: SENDS[1], headers: serviceHeaders() });
    expect(sent.headers.get("RateLimit")).to.match(/^"service-writes"; r=4; t=\d{1,2}$/);
  });

  it("hold for a service and each tenant that it acts for", async () => {
    const ofTenant = await statuses(service, 6, [SENDS, serviceHeaders()]);
    expect(ofTenant).to.deep.equal([200, 200, 200, 200, 200, 429]);
    expect(await statuses(service, 1, [SENDS, serviceHeaders(FOREIGN_TENANT)])).to.deep.equal([
      200,
    ]);
  });

  it("hold for a service that asks for tenants which it may not act for, whatever they are", async () => {
    const all: number[] = [];
    for (let n = 1; n <= 6; n += 1) {
      const headers = serviceHeaders(`clforeign000${n}`, [{ id: TENANT, role: "ADMIN" }]);
      all.push((await service.send(SENDS[0], { body: SENDS[1], headers })).status);
    }
    expect(all).to.deep.equal([403, 403, 403, 403, 403, 429]);
    const own = serviceHeaders(TENANT, [{ id: TENANT, role: "ADMIN" }]);
    expect(await statuses(service, 1, [SENDS, own])).to.deep.equal([429]);
  });

  it("P32 cannot be taken for a tenant's quota: both are 429, with other codes", async () => {
    await service.fixture.billing.consumeEmailQuota.execute({ tenantId: TENANT, count: 110 });
    const codes: unknown[] = [];
    for (let n = 1; n <= 6; n += 1) {
      const { status, body } = await service.send(SENDS[0], {
        body: SENDS[1],
        headers: serviceHeaders(),
      });
      codes.push(`${status} ${body.code}`);
    }
    expect([...new Set(codes)]).to.deep.equal(["429 email_quota_exceeded", "429 rate_limited"]);
  });
});

describe("Limits of several processes", () => {
  let first: TestService;
  let second: TestService;
  let store: BillingStore;

  async function start(hindered: (store: BillingStore) => BillingStore = (one) => one) {
    first = await startTestService(LIMITS);
    store = first.fixture.store;
    second = await startTestService({ ...LIMITS, store: () => hindered(store) });
  }

  afterEach(async () => {
    await second.close();
    await first.close();
  });

  it("are one limit for all of them after each has exchanged its counts", async () => {
    await start();
    const route = [READS, userHeaders()] as const;
    expect(await statuses(first, 3, route)).to.deep.equal([200, 200, 200]);
    await first.billing.requestCounts.share();
    expect(await statuses(second, 1, route)).to.deep.equal([200]);
    await second.billing.requestCounts.share();
    expect(await statuses(second, 1, route)).to.deep.equal([429]);
    expect(await statuses(first, 1, route)).to.deep.equal([200]);
    await first.billing.requestCounts.share();
    expect(await statuses(first, 1, route)).to.deep.equal([429]);
    expect(await statuses(second, 1, [READS, userHeaders("user-2")])).to.deep.equal([200]);
  });

  it("P34 hold for each by itself while the store hangs, which no request waits for", async () => {
    await start((whole) => ({
      ...whole,
      requestCounts: { exchange: () => new Promise(() => undefined) },
    }));
    const route = [READS, userHeaders()] as const;
    const sharing = second.billing.requestCounts.share();
    expect(await statuses(second, 5, route)).to.deep.equal([200, 200, 200, 200, 429]);
    await sharing;
  });

  it("are logged as such when the store fails, once, and when it does no more", async () => {
    let fails = true;
    await start((whole) => ({
      ...whole,
      requestCounts: {
        exchange: (counts) =>
          fails ? Promise.reject(new Error("gone")) : whole.requestCounts.exchange(counts),
      },
    }));
    const { requestCounts } = second.billing;
    for (const _ of [1, 2]) {
      await statuses(second, 1, [READS, userHeaders()]);
      await requestCounts.share();
    }
    fails = false;
    await statuses(second, 1, [READS, userHeaders()]);
    await requestCounts.share();
    await statuses(second, 1, [READS, userHeaders()]);
    const lines = second.log.lines().map(({ level, msg }) => `${level} ${msg}`);
    expect(lines.filter((line) => line.includes("limits of requests"))).to.deep.equal([
      "warn The limits of requests hold for this process alone: the store does not answer",
      "info All processes share the limits of requests again",
    ]);
  });
});

/** Which use case an endpoint calls first. */
async function calledBy(make: (billing: Billing) => readonly Endpoint[], index: number) {
  let called = "";
  const billing = new Proxy({} as Billing, {
    get: (_target, name) => ({
      execute: () => {
        called ||= String(name);
        throw new Error("called");
      },
    }),
  });
  const given = {
    planSlug: CHECKOUT.planSlug,
    id: "a",
    name: "domains",
    count: 1,
    key: "a",
    delivery: "a",
  };
  const principal = { userId: "user-1", claims: {} };
  const asked = {
    body: given,
    query: given,
    params: given,
    principal,
    tenantId: TENANT,
    role: "OWNER",
    rawBody: new Uint8Array(),
  };
  const endpoint = make(billing)[index];
  try {
    await endpoint?.handle(asked as unknown as Requests["payer"]);
  } catch {
    // The billing that is called answers nothing.
  }
  return called;
}

describe("Endpoints", () => {
  const logger = createLogger({ level: "silent" });
  const make = (billing: Billing) => billingEndpoints({ billing, logger });
  const longest = Math.max(...Object.values(DEADLINES_MS));

  for (const [index, { method, path, asksStripe = false }] of make({} as Billing).entries()) {
    it(`${method} ${path} ${asksStripe ? "says" : "does not say"} that it asks Stripe`, async () => {
      const called = await calledBy(make, index);
      expect(called).to.not.equal("");
      const deadlines: Readonly<Record<string, number>> = DEADLINES_MS;
      expect(asksStripe, called).to.equal(deadlines[called] === longest);
    });
  }
});
