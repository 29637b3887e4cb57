import { expect } from "chai";
import express, { type Router } from "express";
import type { AppOptions } from "../../../src/adapters/http/app.ts";
import {
  billingEndpoints,
  createBillingRouter,
} from "../../../src/adapters/http/billing_router.ts";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../../../src/adapters/stripe/connect_stripe.ts";
import { createBilling } from "../../../src/mod.ts";
import { adminHeaders, memoryLogger, startTestService } from "../../rig/service_rig.ts";
import { useShared } from "../../rig/use_fresh.ts";
import { CHECKOUT, FOREIGN_TENANT, SECRET } from "../../samples/http.ts";

const billing = createBilling({
  store: openSqliteStore(":memory:"),
  payments: connectStripe({ secretKey: "sk_test_1", webhookSecrets: ["whsec_1"] }),
  settings: { livemode: false, dashboardUrl: "https://app.example.com/" },
});
const { logger } = memoryLogger();
const endpoints = billingEndpoints({ billing, logger });
const authentication = {
  key: { type: "secret", secret: SECRET },
  clockToleranceSeconds: 5,
  tenantsClaim: "tenants",
} as const;

/** `method path` of every route that a router really has, those of nested routers included. */
function routesOf(router: Router): string[] {
  return router.stack.flatMap(({ route, handle }) => {
    if (route !== undefined) {
      const methods = route.stack
        .map(({ method }) => method)
        .filter((method) => method !== undefined);
      return [...new Set(methods)].map((method) => `${method} ${route.path}`);
    }
    return "stack" in handle ? routesOf(handle as unknown as Router) : [];
  });
}

describe("createBillingRouter", () => {
  after(() => billing.close());

  it("P35 has no route beside those in the table", () => {
    const table = endpoints.map(({ method, path }) => `${method} ${path}`);
    const routes = routesOf(createBillingRouter({ billing, authentication, logger }));
    expect(routes).to.have.members(table);
    expect(new Set(table).size).to.equal(table.length);
  });

  describe("P35 every route", () => {
    const service = useShared(() => startTestService());

    for (const { method, path, access } of endpoints) {
      const body = method === "post" ? CHECKOUT : undefined;
      const call = (headers: Record<string, string>) =>
        service.send(`/billing${path}`, { method: method.toUpperCase(), headers, body });
      const signed = access === "signature";

      it(`${method} ${path} refuses those without a token`, async () => {
        const { status, body: answer } = await call({ "X-Tenant-Id": "clacme0001" });
        expect(status).to.equal(signed ? 400 : 401);
        expect(answer.code).to.equal(signed ? "bad_signature" : "token_missing");
        expect(access).not.to.equal("public");
      });

      it(`${method} ${path} shows a foreign tenant's members nothing`, async () => {
        const { status, body: answer } = await call(
          adminHeaders({ "X-Tenant-Id": FOREIGN_TENANT }),
        );
        const expected = {
          public: undefined,
          signature: "bad_signature",
          user: undefined,
          member: "not_a_member",
          admin: "not_a_member",
          payer: "not_a_member",
          service: "not_a_member",
          operator: "scope_insufficient",
        }[access];
        expect(answer.code).to.equal(expected);
        expect(status).to.equal(signed ? 400 : access === "user" ? 200 : 403);
        expect(service.payments.customers.size + service.payments.portals.length).to.equal(0);
      });
    }
  });

  describe("in a host application", () => {
    const host =
      (path: string, prepare: (app: express.Express) => void) => (options: AppOptions) => {
        const app = express();
        prepare(app);
        app.use(path, createBillingRouter(options));
        app.use((request, response) => {
          response.status(200).send(`host: ${request.originalUrl}`);
        });
        return app;
      };

    it("works at any path, behind the host's express.json(), and shows the full path", async () => {
      const service = await startTestService({
        app: host("/api/v1/money", (app) => app.use(express.json())),
      });
      const plans = await service.send("/api/v1/money/plans");
      const checkout = await service.send("/api/v1/money/checkout", { body: CHECKOUT });
      const refused = await service.send("/api/v1/money/checkout", { body: {} });
      const text = { "Content-Type": "text/plain" };
      const unsupported = await service.send("/api/v1/money/checkout", {
        body: "x",
        headers: adminHeaders(text),
      });
      const hosts = await service.send("/api/v1/money/elsewhere");
      await service.close();
      expect([plans.status, checkout.status, refused.status]).to.deep.equal([200, 200, 400]);
      expect(refused.body.path).to.equal("/api/v1/money/checkout");
      expect(refused.headers.get("X-Request-Id")).to.match(/^[0-9a-f-]{36}$/);
      expect(unsupported.status).to.equal(415);
      expect(hosts.text).to.equal("host: /api/v1/money/elsewhere");
    });

    it("keeps the host's request id, and is not fooled by its req.auth", async () => {
      const service = await startTestService({
        app: host("/billing", (app) =>
          app.use((request, response, next) => {
            response.setHeader("X-Request-Id", "host-request-7");
            Object.assign(request, {
              auth: { sub: "root" },
              verifiedBillingClaims: { sub: "root" },
            });
            next();
          }),
        ),
      });
      const { status, headers } = await service.send("/billing/plans", { headers: {} });
      await service.close();
      expect(status).to.equal(401);
      expect(headers.get("X-Request-Id")).to.equal("host-request-7");
    });

    it("sends no ETag and no 304, whatever the host does", async () => {
      const service = await startTestService({ app: host("/billing", () => undefined) });
      const { headers, status } = await service.send("/billing/plans");
      await service.close();
      expect([status, headers.has("ETag")]).to.deep.equal([200, false]);
    });
  });
});
