import { inspect } from "node:util";
import { expect } from "chai";
import { Stripe } from "stripe";
import { portErrorOf } from "../../../src/adapters/stripe/port_error_of.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { connected, SECRET_KEY } from "./connected.ts";
import { fixture, type Json, page } from "./fixture.ts";
import { type RecordedReply, useRecordedApi } from "./recorded_api.ts";
import { rejectionOf } from "./rejection_of.ts";

const CUSTOMER = { tenantId: "acme_mail" };

function refused(status: number, error: Json, headers: Record<string, string> = {}): RecordedReply {
  return { status, headers, body: { error: { message: "RAW MESSAGE", ...error } } };
}

interface Row {
  readonly reply: RecordedReply;
  readonly reason: string;
  readonly transient?: true;
  readonly keySpent?: true;
}

const invalid = { type: "invalid_request_error" };
const TABLE: Record<string, Row> = {
  "400 with a code": {
    reply: refused(400, { ...invalid, code: "parameter_missing" }),
    reason: "Stripe refused it (parameter_missing)",
  },
  "400 without a code": { reply: refused(400, invalid), reason: "Stripe refused it" },
  "400 rate_limit": {
    reply: refused(400, { ...invalid, code: "rate_limit" }),
    reason: "Stripe limits the rate of requests (rate_limit)",
    transient: true,
  },
  "400 idempotency_error": {
    reply: refused(400, { type: "idempotency_error" }),
    reason: "the idempotency key belongs to a different request",
    keySpent: true,
  },
  "401": { reply: refused(401, invalid), reason: "Stripe does not accept the secret key" },
  "402": {
    reply: refused(402, { type: "card_error", code: "card_declined" }),
    reason: "the payment was refused (card_declined)",
  },
  "403": { reply: refused(403, invalid), reason: "the secret key lacks the permission" },
  "404": {
    reply: refused(404, { ...invalid, code: "resource_missing" }),
    reason: "Stripe does not know it (resource_missing)",
  },
  "409 idempotency_key_in_use": {
    reply: refused(409, { type: "idempotency_error", code: "idempotency_key_in_use" }),
    reason: "another request is still at work on it (idempotency_key_in_use)",
    transient: true,
  },
  "409 for another reason": { reply: refused(409, invalid), reason: "Stripe refused it" },
  "429 rate_limit": {
    reply: refused(429, { ...invalid, code: "rate_limit" }),
    reason: "Stripe limits the rate of requests (rate_limit)",
    transient: true,
  },
  "429 lock_timeout": {
    reply: refused(429, { ...invalid, code: "lock_timeout" }),
    reason: "another request is still at work on it (lock_timeout)",
    transient: true,
    keySpent: true,
  },
  "429 that is said to be a replay": {
    reply: refused(429, invalid, { "idempotent-replayed": "true" }),
    reason: "Stripe limits the rate of requests",
    transient: true,
    keySpent: true,
  },
  "400 that is said to be a replay": {
    reply: refused(400, invalid, { "idempotent-replayed": "true" }),
    reason: "Stripe refused it",
    keySpent: true,
  },
  "500": {
    reply: refused(500, { type: "api_error" }),
    reason: "Stripe failed with status 500",
    transient: true,
    keySpent: true,
  },
  "503 in HTML": {
    reply: {
      status: 503,
      body: "<html>RAW MESSAGE</html>",
      headers: { "content-type": "text/html" },
    },
    reason: "Stripe's answer is not JSON",
    transient: true,
  },
  "503 in JSON that is not Stripe's": {
    reply: { status: 503, body: { message: "RAW MESSAGE" } },
    reason: "Stripe's answer is no customer, status 503",
    transient: true,
  },
  "404 in JSON that is not Stripe's": {
    reply: { status: 404, body: { message: "RAW MESSAGE" } },
    reason: "Stripe's answer is no customer, status 404",
  },
  "a code that is not printable": {
    reply: refused(400, { ...invalid, code: "bad\r\nRAW MESSAGE" }),
    reason: "Stripe refused it",
  },
  "an error that is only a text": {
    reply: { status: 400, body: { error: "RAW MESSAGE" } },
    reason: "Stripe refused it",
  },
  "another object": {
    reply: { body: fixture("product") },
    reason: "Stripe's answer is no customer",
  },
  "an object without an id": {
    reply: { body: fixture("customer", { id: null }) },
    reason: "Stripe's answer is no customer",
  },
  "a JSON text": {
    reply: { body: '"RAW MESSAGE"' },
    reason: "Stripe's answer is not JSON",
    transient: true,
  },
  "a JSON array": { reply: { body: "[]" }, reason: "Stripe's answer is not JSON", transient: true },
  "nothing at all": { reply: { body: "" }, reason: "Stripe's answer is not JSON", transient: true },
};

describe("portErrorOf", () => {
  const api = useRecordedApi();
  const { gateway, snapshots } = connected();

  for (const [what, { reply, reason, transient = false, keySpent = false }] of Object.entries(
    TABLE,
  )) {
    it(`P08 P22 tells ${what} in our words, and whether a retry can help`, async () => {
      api.answer("POST", "/v1/customers", reply);
      const error = await rejectionOf(gateway.createCustomer(CUSTOMER, "key"));
      expect(error.message).to.equal(`Cannot create the customer of tenant "acme_mail": ${reason}`);
      expect(error.transient, "transient").to.equal(transient);
      expect(error.keySpent, "keySpent").to.equal(keySpent);
      expect(inspect(error, { depth: null, showHidden: true })).to.not.include(SECRET_KEY);
    });
  }

  it("keeps the original error as the cause", async () => {
    api.answer("POST", "/v1/customers", refused(402, { type: "card_error" }));
    const error = await rejectionOf(gateway.createCustomer(CUSTOMER, "key"));
    expect(error.cause).to.be.instanceOf(Stripe.errors.StripeCardError);
  });

  it("shows no secret key even where Stripe's own message repeats it", async () => {
    const message = `Invalid API Key provided: ${SECRET_KEY}`;
    api.answer("POST", "/v1/customers", refused(401, { type: "invalid_request_error", message }));
    const error = await rejectionOf(gateway.createCustomer(CUSTOMER, "key"));
    expect(error.message).to.not.include(SECRET_KEY);
    expect(error.stack).to.not.include(SECRET_KEY);
  });

  it("takes a failure of unknown kind for one that no retry heals", () => {
    const cause = new RangeError("odd");
    const error = portErrorOf(cause, "do it");
    expect(error).to.include({ transient: false, keySpent: false, cause });
    expect(error.message).to.equal("Cannot do it: the call to Stripe failed unexpectedly");
  });

  it("leaves a PortError as it is", () => {
    const error = new PortError("Cannot do it: it is late", { transient: true });
    expect(portErrorOf(error, "do something else")).to.equal(error);
  });

  it("refuses an answer with another id than the one asked for", async () => {
    const body = fixture("customer", { id: "cus_QvOther" });
    api.answer("GET", "/v1/customers/cus_QvAcme", { body });
    const error = await rejectionOf(gateway.tenantOfCustomer("cus_QvAcme"));
    expect(error.message).to.equal(
      'Cannot read customer "cus_QvAcme": Stripe answered with a different customer',
    );
  });

  it("refuses an id that would lead to another address", async () => {
    for (const id of ["", ".", ".."]) {
      const error = await rejectionOf(gateway.tenantOfCustomer(id));
      expect(error.message).to.include("would lead to another address");
      expect(error.transient).to.equal(false);
    }
    expect(api.requests).to.have.lengthOf(0);
  });

  const lists: [string, Json, string][] = [
    ["a single object", fixture("customer"), "Stripe's answer is no list"],
    ["a list without data", { object: "list" }, "data is not an array"],
    [
      "a list of something else",
      page([fixture("price")]),
      '"price_1QvProMonthly" is no subscription',
    ],
    ["an empty page that has more", page([], true), "Stripe's pages do not end"],
  ];
  for (const [what, body, reason] of lists) {
    it(`refuses ${what} where a list of subscriptions is due`, async () => {
      api.answer("GET", "/v1/subscriptions", { body });
      const error = await rejectionOf(snapshots.read("cus_QvAcme"));
      expect(error.message).to.include(reason);
      expect(error.transient).to.equal(false);
    });
  }

  it("refuses a page that repeats the one before", async () => {
    const body = page([fixture("subscription_endive")], true);
    api.answer("GET", "/v1/subscriptions", { body });
    api.answer("GET", "/v1/subscriptions", { body });
    const error = await rejectionOf(snapshots.read("cus_QvAcme"));
    expect(error.message).to.include("Stripe's pages do not end");
  });
});
