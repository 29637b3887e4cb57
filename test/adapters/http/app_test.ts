import { expect } from "chai";
import helmet from "helmet";
import { createApp } from "../../../src/adapters/http/app.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { adminHeaders, startTestService, useService } from "../../rig/service_rig.ts";
import { TENANT } from "../../samples/account.ts";
import { ORIGIN } from "../../samples/http.ts";

describe("createApp", () => {
  const service = useService();

  it("sets security headers and names no software", async () => {
    const { headers } = await service.send("/billing/plans");
    expect(headers.get("X-Content-Type-Options")).to.equal("nosniff");
    expect(headers.get("Content-Security-Policy")).to.equal(
      "default-src 'none';frame-ancestors 'none'",
    );
    expect(headers.get("Strict-Transport-Security")).to.contain("max-age=");
    expect(headers.get("Cache-Control")).to.equal("no-store");
    for (const name of ["X-Powered-By", "ETag", "Server"]) {
      expect(headers.has(name), name).to.equal(false);
    }
  });

  it("sets the same security headers as helmet does for each request", async () => {
    const expected = new Map<string, string>();
    const response = {
      setHeader: (name: string, value: string) => expected.set(name.toLowerCase(), value),
      removeHeader: () => undefined,
    };
    Reflect.apply(helmet({ contentSecurityPolicy: false }), undefined, [{}, response, () => {}]);
    expect(expected.size).to.be.greaterThan(8);
    for (const path of ["/billing/plans", "/healthz", "/nowhere", "/billing/webhook"]) {
      const { headers } = await service.send(path);
      for (const [name, value] of expected) {
        expect(headers.get(name), `${name} of ${path}`).to.equal(value);
      }
      expect(headers.get("Content-Security-Policy"), path).to.contain("default-src 'none'");
    }
  });

  it("spends nothing on ETags and parsed queries", async () => {
    const settings: unknown[] = [];
    const other = await startTestService({
      app: (options) => {
        const app = createApp(options);
        settings.push(app.get("etag"), app.get("x-powered-by"), app.get("query parser"));
        return app;
      },
    });
    await other.close();
    expect(settings).to.deep.equal([false, false, false]);
  });

  it("lets pages of allowed origins in, and no others", async () => {
    const origins = [ORIGIN, "https://evil.example", `${ORIGIN}.evil.example`, "null", "*"];
    const allowed: (string | null)[] = [];
    for (const origin of origins) {
      const { headers } = await service.send("/billing/plans", {
        headers: adminHeaders({ Origin: origin }),
      });
      expect(headers.get("Vary")).to.contain("Origin");
      expect(headers.has("Access-Control-Allow-Credentials")).to.equal(false);
      allowed.push(headers.get("Access-Control-Allow-Origin"));
    }
    expect(allowed).to.deep.equal([ORIGIN, null, null, null, null]);
  });

  it("answers preflights without a token, and exposes what clients need", async () => {
    const preflight = await service.send("/billing/checkout", {
      method: "OPTIONS",
      headers: { Origin: ORIGIN, "Access-Control-Request-Method": "POST" },
    });
    expect(preflight.status).to.equal(204);
    expect(preflight.headers.get("Access-Control-Allow-Origin")).to.equal(ORIGIN);
    const names = preflight.headers.get("Access-Control-Allow-Headers");
    expect(names).to.contain("Authorization").and.contain("X-Tenant-Id");
    const { headers } = await service.send("/billing/plans", {
      headers: adminHeaders({ Origin: ORIGIN }),
    });
    const exposed = headers.get("Access-Control-Expose-Headers");
    expect(exposed).to.contain("X-Request-Id").and.contain("X-RateLimit-Remaining");
  });

  it("echoes a request id that is harmless, and makes one otherwise", async () => {
    const given = "client-id:42_a.b";
    const kept = await service.send("/healthz", { headers: { "X-Request-Id": given } });
    expect(kept.headers.get("X-Request-Id")).to.equal(given);
    for (const bad of [
      "short",
      "x".repeat(200),
      "with blank id",
      "<script>alert(1)",
      "a,b,c,d,e",
    ]) {
      const { headers } = await service.send("/healthz", { headers: { "X-Request-Id": bad } });
      expect(headers.get("X-Request-Id")).to.match(/^[0-9a-f-]{36}$/);
    }
  });

  it("logs one line per request: who, what, how it ended; no headers, query or body", async () => {
    const headers = adminHeaders({
      "X-Request-Id": "request-0001",
      Cookie: "session=canary",
      "User-Agent": "canary",
    });
    await service.send("/billing/subscription?token=canary", { headers });
    const lines = service.log.lines().filter(({ requestId }) => requestId === "request-0001");
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({
      level: "info",
      method: "GET",
      path: "/billing/subscription",
      statusCode: 200,
      userId: "user-1",
      tenantId: TENANT,
    });
    expect(lines[0]?.responseTimeMs).to.be.a("number");
    expect(service.log.text()).not.to.contain("canary").and.not.contain("Bearer");
  });

  it("logs health checks at debug, and failures as errors", async () => {
    await service.send("/healthz");
    expect(service.log.lines().at(-1)).to.include({ level: "debug", path: "/healthz" });
    service.store.ledger.last = async () => {
      throw new PortError("Cannot read the ledger: time-out", { transient: true });
    };
    await service.send("/billing/subscription");
    expect(service.log.lines().at(-1)).to.include({ level: "error", statusCode: 503 });
  });
});
