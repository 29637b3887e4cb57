import { expect } from "chai";
import nock from "nock";
import type { Json } from "./fixture.ts";

nock.restore();

const ORIGIN = "https://api.stripe.com";

/** A request as it reached "Stripe", its query and form decoded. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Json;
  readonly form: Json;
  readonly headers: Headers;
}

/** What "Stripe" answers to one request. */
export interface RecordedReply {
  readonly status?: number;
  readonly body: Json | string;
  readonly headers?: Record<string, string>;
}

/**
 * Answers recorded for `api.stripe.com`. nock answers a request that nobody expects with JSON that
 * stripe-node takes for a success, so this counts them, and `verify` fails on any.
 */
export class RecordedApi {
  readonly requests: RecordedRequest[] = [];
  readonly #unexpected: string[] = [];
  readonly #onNoMatch = ({ method, url }: Request) => this.#unexpected.push(`${method} ${url}`);

  /** Takes over `fetch` until `stop`. */
  start(): void {
    nock.activate();
    nock.disableNetConnect();
    nock.emitter.on("no match", this.#onNoMatch);
  }

  /** Answers the next request with this method and path that has no answer yet. */
  answer(method: "GET" | "POST" | "DELETE", path: string, reply: RecordedReply): void {
    nock(ORIGIN)
      .intercept(path, method)
      .query(true)
      .reply(async (request: Request) => {
        const { searchParams } = new URL(request.url);
        this.requests.push({
          method,
          path,
          query: Object.fromEntries(searchParams),
          form: Object.fromEntries(new URLSearchParams(await request.text())),
          headers: request.headers,
        });
        const { status = 200, body, headers = {} } = reply;
        return [status, body, { "content-type": "application/json", ...headers }];
      });
  }

  /** The only request so far. */
  single(): RecordedRequest {
    expect(this.requests).to.have.lengthOf(1);
    return this.requests[0] as RecordedRequest;
  }

  /** Method and path of each request, in order. */
  calls(): string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  /** Fails on requests that nobody expected and on answers that nobody asked for. */
  verify(): void {
    const unused = nock.pendingMocks();
    expect(this.#unexpected, `unexpected requests ${this.#unexpected}`).to.have.lengthOf(0);
    expect(unused, `answers without a request ${unused}`).to.have.lengthOf(0);
  }

  /** Gives `fetch` back and forgets everything. */
  stop(): void {
    nock.emitter.off("no match", this.#onNoMatch);
    nock.cleanAll();
    nock.enableNetConnect();
    nock.restore();
    this.requests.length = 0;
    this.#unexpected.length = 0;
  }
}

/** Records the API for each test of the suite that calls this, and verifies it after each. */
export function useRecordedApi(): RecordedApi {
  const api = new RecordedApi();
  beforeEach(() => api.start());
  afterEach(() => {
    try {
      api.verify();
    } finally {
      api.stop();
    }
  });
  return api;
}
