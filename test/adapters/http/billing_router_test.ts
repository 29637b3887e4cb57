import type { RequestListener } from "node:http";
import middie from "@fastify/middie";
import { expect } from "chai";
import express, { type Router } from "express";
import fastify from "fastify";
import type { AppOptions } from "../../../src/adapters/http/app.ts";
import {
  type Authenticate,
  type BillingRouterOptions,
  billingEndpoints,
  createBillingRouter,
} from "../../../src/adapters/http/billing_router.ts";
import type { MountedEndpoints } from "../../../src/adapters/http/mount_endpoints.ts";
import type { Row } from "../../../src/adapters/http/server/in_order.ts";
import { openSqliteStore } from "../../../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../../../src/adapters/stripe/connect_stripe.ts";
import { createBilling, PortError } from "../../../src/mod.ts";
import { adminHeaders, memoryLogger, startTestService } from "../../rig/service_rig.ts";
import { useShared } from "../../rig/use_fresh.ts";
import { TENANT } from "../../samples/account.ts";
import { CHECKOUT, FOREIGN_TENANT, SECRET } from "../../samples/http.ts";

const billing = createBilling({
  store: openSqliteStore(":memory:"),
  payments: connectStripe({ secretKey: "sk_test_1", webhookSecrets: ["whsec_1"] }),
  settings: { livemode: false, dashboardUrl: "https://app.example.com/", ledgerKeys: [] },
});
const { logger } = memoryLogger();
const unreachable = new PortError("session store", { transient: true });
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
    return routesIn(handle);
  });
}

function routesIn(handle: object): string[] {
  if ("routes" in handle) {
    const { routes } = handle as MountedEndpoints;
    return routes.filter((name) => !name.startsWith("HEAD ")).map(lowerMethod);
  }
  if ("handlers" in handle) {
    return (handle as Row).handlers.flatMap(routesIn);
  }
  return "stack" in handle ? routesOf(handle as Router) : [];
}

function lowerMethod(route: string): string {
  return route.replace(/^[A-Z]+/, (method) => method.toLowerCase());
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
          member_or_service: "not_a_member",
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

    it("says where it belongs when it is mounted elsewhere, and leaves the host its routes", async () => {
      const service = await startTestService({ app: host("/", () => undefined) });
      const { status, body } = await service.send("/billing/plans");
      const hosts = await service.send("/billing/statements");
      await service.close();
      expect([status, body.code]).to.deep.equal([500, "router_misplaced"]);
      expect(body.message).to.contain('app.use("/billing", createBillingRouter(options))');
      expect(service.log.text()).to.contain("app.use(");
      expect(hosts.text).to.equal("host: /billing/statements");
    });

    describe("with an identity of its own", () => {
      const ada = { userId: "ada", claims: { tenants: [{ id: TENANT, role: "BILLING" }] } };
      const identified = (authenticate: Authenticate) =>
        startTestService({
          app: ({ authentication: _, ...options }) =>
            express().use("/billing", createBillingRouter({ ...options, authenticate })),
        });

      it("P35 P40 believes it, and looks up roles and scopes as in a token", async () => {
        const service = await identified(async (request) =>
          request.get("Cookie") === "session=ada" ? ada : null,
        );
        const headers = { Cookie: "session=ada", "X-Tenant-Id": TENANT };
        const json = { ...headers, "Content-Type": "application/json" };
        const own = await service.send("/billing/subscription", { headers });
        const bought = await service.send("/billing/checkout", { headers: json, body: CHECKOUT });
        const foreign = await service.send("/billing/subscription", {
          headers: { ...headers, "X-Tenant-Id": FOREIGN_TENANT },
        });
        const audit = await service.send("/billing/audit", { headers });
        const usage = await service.send("/billing/usage/emails", {
          headers: json,
          body: { count: 1 },
        });
        const nobody = await service.send("/billing/subscription");
        await service.close();
        expect([own.status, bought.status]).to.deep.equal([200, 200]);
        expect(foreign.body.code).to.equal("not_a_member");
        expect(audit.body.code).to.equal("role_insufficient");
        expect(usage.body.code).to.equal("scope_insufficient");
        expect([nobody.status, nobody.body.code]).to.deep.equal([401, "not_signed_in"]);
      });

      for (const [name, authenticate, status] of [
        ["nothing", () => undefined, 500],
        ["a user without a name", () => ({ ...ada, userId: " " }), 500],
        ["a user without claims", () => ({ userId: "ada" }), 500],
        ["an error", () => Promise.reject(new Error("session store")), 500],
        ["that it cannot tell", () => Promise.reject(unreachable), 503],
      ] as const) {
        it(`answers ${status}, and shows nothing, where the host answers ${name}`, async () => {
          const service = await identified(authenticate as unknown as Authenticate);
          const answer = await service.send("/billing/plans");
          await service.close();
          expect(answer.status).to.equal(status);
          expect(answer.text).not.to.contain("session store");
        });
      }
    });

    it("P35 is not made without one way of knowing who asks, or with two", () => {
      const common = { billing, logger };
      const both = { ...common, authentication, authenticate: () => null };
      for (const options of [common, both]) {
        expect(() => createBillingRouter(options as unknown as BillingRouterOptions)).to.throw(
          TypeError,
          "one of authentication",
        );
      }
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

    it("P01 stands in frameworks that pass Node's own requests, such as Fastify", async () => {
      const host = fastify();
      host.get("/own", async () => ({ own: true }));
      const service = await startTestService({
        app: (options) => {
          const ready = host
            .register(middie)
            .after(() => host.use("/billing", createBillingRouter(options)))
            .ready();
          const listener: RequestListener = (request, response) =>
            void ready.then(() => host.routing(request, response));
          return listener as unknown as express.Express;
        },
      });
      const plans = await service.send("/billing/plans");
      const checkout = await service.send("/billing/checkout", { body: CHECKOUT });
      const hook = await service.send("/billing/webhook", { body: { id: "evt_1" } });
      const limit = await service.send("/billing/limits/domains?count=1");
      const own = await service.send("/own");
      const lost = await service.send("/billing/elsewhere");
      await service.close();
      await host.close();
      expect([plans.status, checkout.status, limit.status]).to.deep.equal([200, 200, 200]);
      expect([hook.status, hook.body.code]).to.deep.equal([400, "bad_signature"]);
      expect(hook.body.path).to.equal("/billing/webhook");
      expect(own.body).to.deep.equal({ own: true });
      expect([lost.status, lost.body.error]).to.deep.equal([404, "Not Found"]);
    });

    it("sends no ETag and no 304, whatever the host does", async () => {
      const service = await startTestService({ app: host("/billing", () => undefined) });
      const { headers, status } = await service.send("/billing/plans");
      await service.close();
      expect([status, headers.has("ETag")]).to.deep.equal([200, false]);
    });
  });
});
