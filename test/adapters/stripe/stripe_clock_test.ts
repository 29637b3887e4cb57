import type { IncomingMessage, ServerResponse } from "node:http";
import { expect } from "chai";
import { StripeClock } from "../../../src/adapters/stripe/stripe_clock.ts";
import { expectPortError } from "../../contracts/contract_subject.ts";
import { otherClockContract } from "../../contracts/other_clock_contract.ts";
import { connected, SECRET_KEY } from "./connected.ts";
import { type LocalServer, startLocalServer } from "./local_server.ts";
import { rejectionOf } from "./rejection_of.ts";

const TIME = new Date("2026-11-25T10:00:00Z");
const EMPTY = { object: "list", data: [], has_more: false };
const OPTIONS = { secretKey: SECRET_KEY, timeoutMs: 2_000 };

type Headers = Readonly<Record<string, string>>;

function replying(response: ServerResponse, status = 200, headers: Headers = {}): void {
  response.sendDate = false;
  response
    .writeHead(status, { "content-type": "application/json", "request-id": "req_1", ...headers })
    .end(JSON.stringify(status === 200 ? EMPTY : { error: { message: "no" } }));
}

otherClockContract("StripeClock", async () => {
  const server = await startLocalServer((_request, response) =>
    replying(response, 200, { date: TIME.toUTCString() }),
  );
  const gone = await startLocalServer(() => undefined);
  await gone.close();
  return {
    clock: new StripeClock({ ...OPTIONS, baseUrl: server.origin }),
    unreachable: new StripeClock({ ...OPTIONS, baseUrl: gone.origin }),
    shows: () => [TIME, TIME],
    close: () => server.close(),
  };
});

describe("StripeClock", () => {
  let server: LocalServer;
  let requests: string[];
  let reply: (response: ServerResponse) => void;
  let monotonicMs: number;

  beforeEach(async () => {
    requests = [];
    monotonicMs = 5_000;
    server = await startLocalServer(({ method, url }: IncomingMessage, response) => {
      requests.push(`${method} ${url}`);
      reply(response);
    });
  });
  afterEach(() => server.close());

  const clock = () => new StripeClock({ ...OPTIONS, baseUrl: server.origin }, () => monotonicMs);
  const dated =
    (date: string, status = 200) =>
    (response: ServerResponse) =>
      replying(response, status, { date });

  it("asks with the smallest request, and not again within a minute", async () => {
    reply = dated(TIME.toUTCString());
    const stripe = clock();
    await stripe.ask();
    monotonicMs += 59_999;
    await stripe.ask();
    expect(requests).to.deep.equal(["GET /v1/products?limit=1"]);
    expect(stripe.latest()).to.deep.equal({
      time: TIME,
      resolutionMs: 1_000,
      askedMs: 5_000,
      answeredMs: 5_000,
    });
    monotonicMs += 1;
    await stripe.ask();
    expect(requests).to.have.length(2);
  });

  it("takes the time of refusals, too: a restricted key, a limit, an outage at Stripe", async () => {
    for (const status of [401, 403, 429, 500]) {
      reply = dated(TIME.toUTCString(), status);
      const stripe = clock();
      await stripe.ask();
      expect(stripe.latest(), String(status)).to.have.property("time").that.deep.equals(TIME);
    }
  });

  it("does not take what is no date, or was not answered by Stripe itself", async () => {
    for (const headers of [
      {},
      { date: "" },
      { date: "yesterday" },
      { date: TIME.toUTCString(), "request-id": "" },
    ]) {
      reply = (response) => {
        const id = "request-id" in headers ? {} : { "request-id": "req_1" };
        response.sendDate = false;
        const kept = Object.entries({ ...headers, ...id }).filter(([, value]) => value !== "");
        response
          .writeHead(200, { "content-type": "application/json", ...Object.fromEntries(kept) })
          .end(JSON.stringify(EMPTY));
      };
      const stripe = clock();
      const error = await expectPortError(stripe.ask());
      expect(error.message).to.equal("Cannot ask Stripe for its time: the answer has no Date");
      expect(stripe.latest()).to.equal(undefined);
    }
  });

  it("keeps what it knew when Stripe cannot be reached later", async () => {
    reply = dated(TIME.toUTCString());
    const stripe = clock();
    await stripe.ask();
    const known = stripe.latest();
    reply = (response) => response.socket?.destroy();
    monotonicMs += 60_000;
    await expectPortError(stripe.ask());
    expect(stripe.latest()).to.equal(known);
  });

  it("every answer that passes by tells the time: of users' requests and of background work", async () => {
    reply = dated(TIME.toUTCString());
    const payments = connected({ baseUrl: server.origin });
    expect(payments.clock.latest()).to.equal(undefined);
    await rejectionOf(payments.gateway.createCustomer({ tenantId: "clacme0001" }, "key"));
    expect(payments.clock.latest()).to.have.property("time").that.deep.equals(TIME);
    const later = new Date("2026-11-25T10:00:07Z");
    reply = dated(later.toUTCString());
    const { gateway } = payments.background(new AbortController().signal);
    await rejectionOf(gateway.createCustomer({ tenantId: "clacme0001" }, "key"));
    expect(payments.clock.latest()).to.have.property("time").that.deep.equals(later);
    const before = requests.length;
    await payments.clock.ask();
    expect(requests).to.have.length(before);
  });
});
