import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  BillingApiError,
  type BillingClient,
  BillingConnectionError,
  createBillingClient,
  InsufficientTokensError,
  QuotaExceededError,
} from "../../../src/adapters/client/create_billing_client.ts";
import { CLIENT_TYPES_PATH, clientTypes } from "../../docs/client_types.ts";
import { useService } from "../../rig/service_rig.ts";
import { TENANT } from "../../samples/account.ts";
import { token } from "../../samples/http.ts";

const SERVICE = { tenants: "*", scope: "billing:usage billing:tokens billing:admin" };

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return await call.then(
    (answer) => expect.fail(`Expected an error, got ${JSON.stringify(answer)}`),
    (error: unknown) => error,
  );
}

/** A client whose requests get these answers, one after the other; statuses, or no answer at all. */
function scripted(...answers: readonly (number | "none" | Response)[]) {
  const sent: string[] = [];
  const pauses: number[] = [];
  const client = createBillingClient({
    baseUrl: "https://billing.example.com/",
    token: () => "jwt",
    pause: async (ms) => {
      pauses.push(ms);
    },
    fetch: async (url, init) => {
      sent.push(`${init?.method} ${url}`);
      const answer = answers[sent.length - 1] ?? 500;
      if (answer === "none") {
        throw new TypeError("fetch failed");
      }
      return typeof answer === "number" ? Response.json({ data: [] }, { status: answer }) : answer;
    },
  });
  return { client, sent, pauses };
}

describe("createBillingClient", () => {
  const service = useService();
  const clientOf = (claims?: Parameters<typeof token>[0]): BillingClient =>
    createBillingClient({ baseUrl: service.url, token: () => token(claims) });

  it("has the operations of the API's document; if not: npm run docs", () => {
    expect(readFileSync(CLIENT_TYPES_PATH, "utf8")).to.equal(clientTypes());
  });

  it("reads, counts, spends and operates", async () => {
    const tenantId = TENANT;
    const { data } = await clientOf().call("GET /billing/plans");
    expect(data.map(({ slug }) => slug)).to.include("pro");
    const subscription = await clientOf().call("GET /billing/subscription", { tenantId });
    expect(subscription.effectivePlanSlug).to.equal("free");
    const limit = await clientOf().call("GET /billing/limits/{name}", {
      tenantId,
      params: { name: "domains" },
      query: { count: 1 },
    });
    expect(limit.allowed).to.be.a("boolean");
    const services = clientOf(SERVICE);
    const { quota } = await services.call("POST /billing/usage/emails", {
      tenantId,
      body: { count: 2, key: "a b/c" },
    });
    expect(quota?.used).to.equal(2);
    const released = await services.call("DELETE /billing/usage/emails/{key}", {
      tenantId,
      params: { key: "a b/c" },
    });
    expect(released).to.be.an("object");
    expect((await services.call("GET /billing/attention", { query: { limit: 1 } })).data).to.be
      .empty;
  });

  it("throws classes with status, code and details", async () => {
    const services = clientOf(SERVICE);
    const tenantId = TENANT;
    const debit = services.call("POST /billing/tokens/debits", {
      tenantId,
      body: { key: "k", amount: 1_000_000 },
    });
    const poor = await failureOf(debit);
    expect(poor).to.be.instanceOf(InsufficientTokensError);
    expect(poor).to.include({ statusCode: 402, code: "insufficient_tokens" });
    const send = services.call("POST /billing/usage/emails", { tenantId, body: { count: 99_999 } });
    const exceeded = await failureOf(send);
    expect(exceeded).to.be.instanceOf(QuotaExceededError).and.instanceOf(BillingApiError);
    expect(Reflect.get(Object(exceeded), "retryAfterSeconds")).to.be.greaterThan(0);
    const invalid = services.call("POST /billing/usage/emails", { tenantId, body: { count: 0 } });
    const refused = await failureOf(invalid);
    expect(refused).to.deep.include({ statusCode: 400, code: "invalid_body" });
    expect(Reflect.get(Object(refused), "details")[0].field).to.equal("count");
    const stranger = await failureOf(
      clientOf().call("GET /billing/subscription", { tenantId: "clother001" }),
    );
    expect(stranger).to.include({ statusCode: 403, code: "not_a_member" });
  });

  it("repeats what reads, or has a key, and nothing else", async () => {
    const reading = scripted(503, "none", 200);
    expect(await reading.client.call("GET /billing/plans")).to.deep.equal({ data: [] });
    expect(reading.sent).to.have.length(3);
    expect(reading.pauses).to.have.length(2);

    const keyed = scripted("none", 200);
    const body = { key: "k", amount: 1 };
    await keyed.client.call("POST /billing/tokens/debits", { tenantId: TENANT, body });
    expect(keyed.sent).to.have.length(2);

    const send = { tenantId: TENANT, body: { count: 1 } };
    const unkeyed = scripted("none", 200);
    const lost = await failureOf(unkeyed.client.call("POST /billing/usage/emails", send));
    expect(lost).to.be.instanceOf(BillingConnectionError);
    expect(unkeyed.sent).to.have.length(1);

    for (const status of [400, 402, 409, 429, 500]) {
      const refused = scripted(status, 200);
      const error = await failureOf(refused.client.call("GET /billing/plans"));
      expect(error, String(status)).to.include({ statusCode: status });
      expect(refused.sent).to.have.length(1);
    }
  });

  it("waits as long as it is told, but not for long, and gives up after three attempts", async () => {
    const told = (seconds: string) =>
      new Response("no JSON", { status: 503, headers: { "Retry-After": seconds } });
    const soon = scripted(told("2"), 200);
    await soon.client.call("GET /billing/plans");
    expect(soon.pauses).to.deep.equal([2_000]);
    const late = scripted(told("60"), 200);
    const error = await failureOf(late.client.call("GET /billing/plans"));
    expect(error).to.include({ statusCode: 503, code: null, retryAfterSeconds: 60 });
    const never = scripted(502, 503, 504, 200);
    await failureOf(never.client.call("GET /billing/plans"));
    expect(never.sent).to.deep.equal(
      Array(3).fill("GET https://billing.example.com/billing/plans"),
    );
  });

  it("asks once for another token where one is refused, and repeats whatever it was", async () => {
    const asked: (string | null)[] = [];
    const answers = [401, 200, 401, 401];
    const client = createBillingClient({
      baseUrl: "https://billing.example.com",
      token: (refused) => {
        asked.push(refused);
        return refused === null ? "old" : "new";
      },
      fetch: async () => Response.json({ data: [] }, { status: answers.shift() ?? 500 }),
    });
    await client.call("POST /billing/usage/emails", { tenantId: TENANT, body: { count: 1 } });
    expect(asked).to.deep.equal([null, "old"]);
    const refused = await failureOf(client.call("GET /billing/plans"));
    expect(refused).to.include({ statusCode: 401 });
    expect(asked).to.deep.equal([null, "old", null, "old"]);
  });

  it("tells what takes too long from what is not there, and what is no service", async () => {
    const hanging: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      });
    const common = { baseUrl: "https://billing.example.com", token: () => "jwt", attempts: 1 };
    const slow = createBillingClient({ ...common, fetch: hanging, timeoutMs: 1 });
    const late = await failureOf(slow.call("GET /billing/plans"));
    expect(late).to.be.instanceOf(BillingConnectionError).and.include({ timedOut: true });
    const gone = await failureOf(
      scripted("none", "none", "none").client.call("GET /billing/plans"),
    );
    expect(gone).to.include({ timedOut: false });
    const page = scripted(new Response("<!doctype html>"));
    const odd = await failureOf(page.client.call("GET /billing/plans"));
    expect(odd).to.be.instanceOf(BillingApiError).and.include({ statusCode: 200, code: null });
    expect(page.sent).to.have.length(1);
  });

  it("ends what is under way when its signal says so", async () => {
    const ended = new AbortController();
    const client = createBillingClient({
      baseUrl: "https://billing.example.com",
      token: () => "jwt",
      signal: ended.signal,
      fetch: async (_url, init) => {
        ended.abort(new Error("left"));
        init?.signal?.throwIfAborted();
        return Response.json({});
      },
    });
    expect(String(await failureOf(client.call("GET /billing/plans")))).to.equal("Error: left");
  });

  it("fills paths, and says what is missing", async () => {
    const { client, sent } = scripted(200);
    await client.call("GET /billing/events/{id}", { params: { id: "a/b c" } });
    expect(sent).to.deep.equal(["GET https://billing.example.com/billing/events/a%2Fb%20c"]);
    const missing = client.call("GET /billing/events/{id}", { params: {} as { id: string } });
    expect(String(await failureOf(missing))).to.include('"params.id" is missing');
  });
});
