import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { useService } from "../../rig/service_rig.ts";
import { undocumentedAnswers } from "../../rig/watched_answers.ts";
import { CHECKOUT, NOW } from "../../samples/http.ts";

const CANARY = "canary-7f3a";

describe("handleErrors", () => {
  const service = useService();

  it("says code, message, path and time, and nothing of the query", async () => {
    const { status, body, headers } = await service.send(`/billing/nothing?key=${CANARY}`);
    expect(status).to.equal(404);
    const { timestamp, message, ...rest } = body;
    expect(rest).to.deep.equal({
      statusCode: 404,
      path: "/billing/nothing",
      code: "route_not_found",
    });
    expect(message).to.be.a("string");
    expect(new Date(String(timestamp)).toISOString()).to.equal(timestamp);
    expect(headers.get("Content-Type")).to.equal("application/json; charset=utf-8");
    expect(headers.get("Cache-Control")).to.equal("no-store");
    expect(service.log.text()).not.to.contain(CANARY);
  });

  const wrongMethods: [string, string, string][] = [
    ["POST", "/billing/plans", "GET, HEAD"],
    ["DELETE", "/billing/subscription", "GET, HEAD"],
    ["GET", "/billing/checkout", "POST"],
    ["PUT", "/billing/portal", "POST"],
    ["GET", "/billing/webhook", "POST"],
    ["POST", "/healthz", "GET, HEAD"],
  ];
  for (const [method, path, allow] of wrongMethods) {
    it(`answers 405 to ${method} ${path} and says what is allowed`, async () => {
      const { status, body, headers } = await service.send(path, { method, headers: {} });
      expect([status, body.code]).to.deep.equal([405, "method_not_allowed"]);
      expect(headers.get("Allow")).to.equal(allow);
    });
  }

  for (const path of ["/", "/billing", "/billing/", "/billing/Plans", "/billing/plans/x", "/%ff"]) {
    it(`answers 404 to ${path}`, async () => {
      expect((await service.send(path)).status).to.equal(404);
    });
  }

  it("answers 503 with Retry-After when the store fails", async () => {
    service.store.ledger.last = async () => {
      throw new PortError("Cannot read the ledger: time-out", { transient: true });
    };
    const { status, body, headers } = await service.send("/billing/subscription");
    expect([status, body.code]).to.deep.equal([503, "temporarily_unavailable"]);
    expect(headers.get("Retry-After")).to.match(/^\d+$/);
  });

  const cause = Object.assign(new Error(`sk_test_${CANARY}`), { raw: CANARY, headers: { CANARY } });
  const failures: [string, unknown, number, string][] = [
    [
      "a gateway that fails for now",
      new PortError(`Cannot create a checkout: ${CANARY}`, { transient: true, cause }),
      503,
      "temporarily_unavailable",
    ],
    [
      "a gateway that refuses",
      new PortError(`Cannot create a checkout: ${CANARY}`, { transient: false, cause }),
      502,
      "dependency_failed",
    ],
    ["a mistake of ours", new TypeError(`x is not a function: ${CANARY}`), 500, "internal_error"],
    ["something thrown that is no error", CANARY, 500, "internal_error"],
    [
      "an error that poses as the body parser's",
      { type: "entity.parse.failed" },
      500,
      "internal_error",
    ],
    [
      "an error with a status",
      Object.assign(new Error(CANARY), { status: 418 }),
      500,
      "internal_error",
    ],
  ];
  for (const [what, failure, status, code] of failures) {
    it(`answers ${status} to ${what} and shows nothing of it`, async () => {
      service.payments.failure = failure;
      const received = await service.send("/billing/checkout", { body: CHECKOUT });
      expect([received.status, received.body.code]).to.deep.equal([status, code]);
      expect(received.text).not.to.contain(CANARY);
      expect(received.headers.has("Retry-After")).to.equal(status === 503);
      const logged = service.log.lines().find(({ msg }) => msg === "Cannot answer the request");
      expect(logged).to.include({ statusCode: status, path: "/billing/checkout" });
      expect(logged?.requestId).to.equal(received.headers.get("X-Request-Id"));
    });
  }

  it("keeps the status of what the framework refuses, and shows nothing else of it", async () => {
    const refusal = Object.assign(new Error(CANARY), { status: 422, expose: true });
    service.payments.failure = refusal;
    const { status, body, text } = await service.send("/billing/checkout", { body: CHECKOUT });
    expect(await undocumentedAnswers()).to.have.length(1);
    expect([status, body.code]).to.deep.equal([422, "invalid_request"]);
    expect(text).not.to.contain(CANARY);
  });

  it("logs an error's message and cause, but neither keys nor what else they carry", async () => {
    const inner = Object.assign(new Error("No such customer; key sk_test_4eC39HqLyjW"), {
      raw: { param: CANARY },
      requestBody: CANARY,
    });
    service.payments.failure = new PortError("Cannot do it", { transient: false, cause: inner });
    await service.send("/billing/checkout", {
      body: { ...CHECKOUT, cancelUrl: CHECKOUT.successUrl },
    });
    const text = service.log.text();
    expect(text).to.contain("Cannot do it").and.contain("No such customer");
    expect(text).not.to.contain(CANARY).and.not.contain("4eC39HqLyjW");
    expect(text).not.to.contain(CHECKOUT.successUrl);
  });

  it("dates errors by the machine's clock, not by the domain's", async () => {
    const { body } = await service.send("/nothing");
    expect(body.timestamp).not.to.equal(NOW.toISOString());
  });
});
