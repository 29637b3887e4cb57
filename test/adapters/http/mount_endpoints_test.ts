import { expect } from "chai";
import express from "express";
import { Type } from "typebox";
import type { Endpoint } from "../../../src/adapters/http/endpoint.ts";
import { handleErrors } from "../../../src/adapters/http/errors.ts";
import { optionalInput } from "../../../src/adapters/http/input.ts";
import { mountEndpoints } from "../../../src/adapters/http/mount_endpoints.ts";
import { requestContext } from "../../../src/adapters/http/request_context.ts";
import { type RunningServer, serve } from "../../../src/adapters/http/server/serve.ts";
import { runningCause } from "../../../src/composition/running_cause.ts";
import { memoryLogger, send } from "../../rig/service_rig.ts";

const METHODS = ["get", "post", "put", "delete"] as const;

/** An endpoint that answers with the body it was given. */
function echo(method: Endpoint["method"], access: "payer" | "operator"): Endpoint {
  return {
    method,
    path: `/${access}`,
    access,
    summary: "Echoes",
    answer: Type.Unknown(),
    body: optionalInput(Type.Object({})),
    handle: async ({ body }: { body: unknown }) => ({ status: 200, body: { method, body } }),
  };
}

describe("mountEndpoints", () => {
  let server: RunningServer;

  before(async () => {
    const { logger } = memoryLogger();
    const endpoints = METHODS.flatMap((method) => [
      echo(method, "payer"),
      echo(method, "operator"),
    ]);
    const known: express.RequestHandler = (request, _response, next) => {
      const context = requestContext(request);
      context.identity = { type: "known", principal: { userId: "ada", claims: {} } };
      context.tenant = { tenantId: "clacme0001", role: "OWNER" };
      next();
    };
    const all = [known];
    const guards = {
      public: all,
      signature: all,
      user: all,
      member: all,
      admin: all,
      payer: all,
      member_or_service: all,
      service: all,
      operator: all,
    };
    const only = [echo("put", "payer")].map((endpoint) => ({ ...endpoint, path: "/only" }));
    const router = mountEndpoints([...endpoints, ...only] as Endpoint[], {
      guards,
      refused: (_request, _response, next) => next(),
      causes: runningCause,
    });
    const app = express().use(router).use(handleErrors(logger));
    server = await serve(app, { port: 0, host: "127.0.0.1", logger });
  });
  after(() => server.close(0));

  for (const access of ["payer", "operator"]) {
    for (const method of METHODS.slice(1)) {
      it(`gives a ${method} of a ${access} its body, or none`, async () => {
        const sent = { method: method.toUpperCase() };
        const given = await send(`${server.url}/${access}`, { ...sent, body: { a: 1 } });
        expect([given.status, given.body]).to.deep.equal([200, { method, body: { a: 1 } }]);
        const none = await send(`${server.url}/${access}`, sent);
        expect([none.status, none.body]).to.deep.equal([200, { method, body: {} }]);
      });

      it(`refuses a ${method} of a ${access} whose body is no JSON`, async () => {
        const sent = { method: method.toUpperCase(), body: "a=1" };
        const headers = { "Content-Type": "application/x-www-form-urlencoded" };
        const { status } = await send(`${server.url}/${access}`, { ...sent, headers });
        expect(status).to.equal(415);
      });
    }
  }

  it("answers no other spelling of a path, and HEAD like GET", async () => {
    for (const path of ["/only/", "/ONLY", "/%6fnly", "//only", "/only;a=1"]) {
      const { status } = await send(`${server.url}${path}`, { method: "PUT" });
      expect(status, path).to.equal(404);
    }
    const { status, text } = await send(`${server.url}/payer?a=1`, { method: "HEAD" });
    expect([status, text]).to.deep.equal([200, ""]);
  });

  it("answers 405 to other methods, and names those that there are", async () => {
    const refused = await send(`${server.url}/only`, { method: "POST" });
    expect([refused.status, refused.headers.get("Allow")]).to.deep.equal([405, "PUT"]);
    const { headers } = await send(`${server.url}/payer`, { method: "PATCH" });
    expect(headers.get("Allow")).to.equal("GET, HEAD, POST, PUT, DELETE");
  });
});
