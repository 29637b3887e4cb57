import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { billingEndpoints } from "../../src/adapters/http/billing_router.ts";
import type { Billing } from "../../src/application/billing.ts";
import { createLogger } from "../../src/kit/logger.ts";
import { apiDocument } from "../rig/api_document.ts";
import { documentProblem } from "../rig/documented_answers.ts";
import { undocumentedAnswers } from "../rig/watched_answers.ts";

const document = apiDocument();

describe("docs/openapi.json", () => {
  it("is what `npm run docs` writes from the endpoints", async () => {
    const written = JSON.parse(await readFile("docs/openapi.json", "utf8"));
    expect(written).to.deep.equal(JSON.parse(JSON.stringify(document)));
  });

  it("tells of every route, and names each operation once", () => {
    const logger = createLogger({ level: "silent" });
    const endpoints = billingEndpoints({ billing: {} as Billing, logger });
    const told = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    const mounted = endpoints.map(
      ({ method, path }) => `${method} /billing${path.replaceAll(/:(\w+)/g, "{$1}")}`,
    );
    expect(told).to.have.members([...mounted, "get /healthz", "get /readyz"]);
    const ids = Object.values(document.paths).flatMap((operations) =>
      Object.values(operations).map((operation) => Reflect.get(operation, "operationId")),
    );
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it("refers to nothing that it does not say", () => {
    const text = JSON.stringify(document);
    const { schemas } = Object(document.components);
    const refs = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(refs.filter((name) => !Object.hasOwn(schemas, name ?? ""))).to.deep.equal([]);
    const operations = [...text.matchAll(/"operationId":"(\w+)","parameters":\{/g)];
    const ids = new Set([...text.matchAll(/"operationId":"(\w+)","summary"/g)].map(([, id]) => id));
    expect(operations.length).to.be.greaterThan(5);
    expect(operations.filter(([, id]) => !ids.has(id))).to.deep.equal([]);
  });
});

describe("documentProblem", () => {
  const answer = {
    method: "GET",
    path: "/healthz",
    status: 200,
    headers: new Headers({ "Content-Type": "application/json" }),
    text: '{"status":"ok"}',
  };
  const error = { statusCode: 404, message: "m", path: "/", timestamp: "2026-01-01T00:00:00Z" };
  const refused = { ...answer, path: "/billing/events/evt_1", status: 404 };

  it("passes what the document says", () => {
    const known = JSON.stringify({ ...error, code: "unknown_event" });
    expect(documentProblem(answer)).to.equal(null);
    expect(documentProblem({ ...refused, text: known })).to.equal(null);
  });

  for (const [what, wrong] of Object.entries({
    "another field": { ...answer, text: '{"status":"ok","more":1}' },
    "a field of another type": { ...answer, text: '{"status":1}' },
    "a field that is missing": { ...answer, text: "{}" },
    "a status that is not told of": { ...answer, status: 418 },
    "a code that is not told of": {
      ...refused,
      text: JSON.stringify({ ...error, code: "teapot" }),
    },
    "an error without a code": { ...refused, text: JSON.stringify(error) },
    "a header that is not told of": {
      ...answer,
      headers: new Headers({ "Content-Type": "application/json", "Retry-After": "1" }),
    },
    "an error of an unknown path": {
      ...refused,
      path: "/billing/nothing",
      headers: new Headers({ "Content-Type": "application/json", "X-Request-Id": "12345678" }),
      text: '{"code":"gone","error":"no"}',
    },
  })) {
    it(`refuses ${what}`, () => {
      expect(documentProblem(wrong)).to.contain("document");
    });
  }
});

describe("undocumentedAnswers", () => {
  it("sees what a server sends, by whatever client it was asked", async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { "Content-Type": "application/json" }).end('{"other":1}');
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    try {
      await (await fetch(`http://127.0.0.1:${port}/billing/plans?at=now`)).json();
      await (await fetch(`http://127.0.0.1:${port}/v1/plans`)).json();
    } finally {
      server.close();
    }
    const problems = await undocumentedAnswers();
    expect(problems).to.have.length(1);
    expect(problems[0]).to.contain("GET /billing/plans answered 200, not as the API's document");
    expect(await undocumentedAnswers()).to.deep.equal([]);
  });
});
