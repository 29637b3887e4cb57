import { expect } from "chai";
import {
  pacedHttpClient,
  type StripeHttpClient,
} from "../../../src/adapters/stripe/paced_http_client.ts";
import { RequestBudget } from "../../../src/adapters/stripe/request_budget.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { connected } from "./connected.ts";
import { FakeTime } from "./fake_time.ts";
import { type LocalServer, startLocalServer } from "./local_server.ts";

const EMPTY = { object: "list", data: [], has_more: false };
const BUSY = { error: { type: "invalid_request_error", code: "rate_limit", message: "Slow down" } };

describe("pacedHttpClient", () => {
  let server: LocalServer;
  /** Times and methods of what came, in milliseconds. */
  let came: { method: string; atMs: number }[];
  /** Answers 429 so many times before 200. */
  let refusals: number;
  let retryAfter: string | null;

  beforeEach(async () => {
    came = [];
    refusals = 0;
    retryAfter = null;
    server = await startLocalServer((request, response) => {
      came.push({ method: String(request.method), atMs: performance.now() });
      const refuse = refusals > 0;
      refusals -= 1;
      response
        .writeHead(refuse ? 429 : 200, {
          "content-type": "application/json",
          ...(refuse && retryAfter !== null && { "retry-after": retryAfter }),
        })
        .end(JSON.stringify(refuse ? BUSY : EMPTY));
    });
  });
  afterEach(() => server.close());

  function background(requestsPerSecond = 1_000, signal = new AbortController().signal) {
    const options = { baseUrl: server.origin, reconcileRequestsPerSecond: requestsPerSecond };
    const payments = connected(options);
    return { payments, paced: payments.background(signal) };
  }

  async function customers({ records }: ReturnType<typeof background>["paced"]) {
    const found = [];
    for await (const customer of records.customers()) {
      found.push(customer);
    }
    return found;
  }

  it("P37 repeats a reading request until the provider takes it", async () => {
    refusals = 3;
    expect(await customers(background().paced)).to.deep.equal([]);
    expect(came).to.have.length(4);
  });

  it("P37 waits as long as Retry-After says", async () => {
    refusals = 1;
    retryAfter = "1";
    await customers(background().paced);
    const [first, second] = came;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).to.be.at.least(990);
  });

  it("gives up after eight refusals, and lets the caller see the last one", async () => {
    let sent = 0;
    const busy = { getStatusCode: () => 429, getHeaders: () => ({}), dispose: () => undefined };
    const client = {
      getClientName: () => "always busy",
      makeRequest: async () => {
        sent += 1;
        return busy;
      },
    } as unknown as StripeHttpClient;
    const budget = new RequestBudget({ requestsPerSecond: 10 }, new FakeTime());
    const paced = pacedHttpClient(client, { budget, signal: new AbortController().signal });
    const answer = await paced.makeRequest("host", "443", "/v1/events", "GET", {}, "", "https", 1);
    expect(answer.getStatusCode()).to.equal(429);
    expect(sent).to.equal(8);
  });

  it("does not repeat what changes something: that is the caller's decision", async () => {
    refusals = 1;
    const { paced } = background();
    const error = await paced.gateway
      .createCustomer({ tenantId: "clacme0001" }, "key")
      .catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(PortError);
    expect(came.map(({ method }) => method)).to.deep.equal(["POST"]);
  });

  it("P37 shares one budget among all background work, and never slows users down", async () => {
    const { payments, paced } = background(1);
    const other = payments.background(new AbortController().signal);
    await customers(paced);
    const from = performance.now();
    for (let index = 0; index < 5; index += 1) {
      await payments.gateway.openCheckouts("cus_1");
    }
    expect(performance.now() - from, "users").to.be.lessThan(900);
    await customers(other);
    expect(performance.now() - from, "background").to.be.at.least(900);
  });

  it("a signal ends waiting, with an error that may heal", async () => {
    const stopping = new AbortController();
    const { paced } = background(1, stopping.signal);
    await customers(paced);
    const waiting = customers(paced).catch((reason: unknown) => reason);
    stopping.abort();
    expect(await waiting)
      .to.be.instanceOf(PortError)
      .and.to.include({ transient: true });
    expect(came).to.have.length(1);
  });
});
