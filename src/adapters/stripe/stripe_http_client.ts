import {
  Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  request as overHttp,
} from "node:http";
import { request as overHttps, Agent as SecureAgent } from "node:https";
import { Stripe } from "stripe";
import type { StripeHttpClient } from "./paced_http_client.ts";

type Answer = Awaited<ReturnType<StripeHttpClient["makeRequest"]>>;
type Request = Parameters<StripeHttpClient["makeRequest"]>;

/** Connections outlive their requests and are shared by all clients of the process. */
const AGENTS = {
  http: new Agent({ keepAlive: true }),
  https: new SecureAgent({ keepAlive: true }),
} as const;

/**
 * Sends stripe-node's requests through `node:http`, at a fraction of what `fetch` costs. The timeout
 * covers the whole answer. It follows no redirects: Stripe sends none, and the secret key must not
 * go elsewhere. A connection that was kept open and that Stripe has closed meanwhile is replaced
 * once, since nothing was answered on it.
 */
export const stripeHttpClient: StripeHttpClient = {
  getClientName: () => "node",
  makeRequest: async (...request) => {
    try {
      return await send(request);
    } catch (error) {
      if (error instanceof ClosedMeanwhile) {
        return await send(request);
      }
      throw error;
    }
  },
};

/** A kept connection that turned out to be closed. */
class ClosedMeanwhile extends Error {
  override readonly name = "ClosedMeanwhile";
}

function send([host, port, path, method, headers, body, protocol, timeoutMs]: Request) {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const isPlain = protocol === "http";
  const request = (isPlain ? overHttp : overHttps)({
    host,
    port,
    path,
    method,
    headers: headers as Record<string, string>,
    agent: isPlain ? AGENTS.http : AGENTS.https,
  });
  const timer = setTimeout(() => request.destroy(timeoutError()), timeoutMs);
  request.on("response", (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      resolve(new StripeAnswerInFull(response.statusCode ?? 0, response.headers, text));
    });
  });
  request.on("error", (error) => reject(isStale(request, error) ? new ClosedMeanwhile() : error));
  request.end(body);
  return promise.finally(() => clearTimeout(timer));
}

/** Whether the request met a kept connection's end before anything was answered. */
function isStale(request: ClientRequest, error: Error): boolean {
  return request.reusedSocket && "code" in error && error.code === "ECONNRESET";
}

function timeoutError(): Error {
  return Object.assign(new TypeError("Request aborted due to timeout being reached"), {
    code: Stripe.HttpClient.TIMEOUT_ERROR_CODE,
  });
}

/** An answer that has arrived in full. */
class StripeAnswerInFull extends Stripe.HttpClientResponse {
  readonly #text: string;

  constructor(status: number, headers: IncomingHttpHeaders, text: string) {
    super(status, headers as Record<string, string>);
    this.#text = text;
  }

  override getRawResponse(): { readonly status: number; readonly headers: unknown } {
    return { status: this.getStatusCode(), headers: this.getHeaders() };
  }

  /** There is nothing left to stream. */
  override toStream(): null {
    return null;
  }

  /**
   * Parses the body. Over one like `"ok"`, stripe-node would leave its promise pending and a
   * rejection unhandled, which ends the process: whatever is no object counts as no JSON.
   */
  override async toJSON(): Promise<unknown> {
    return this._parseResponseBody(/^\s*\{/.test(this.#text) ? this.#text : "");
  }
}
