import { Stripe } from "stripe";
import { fetchAnswer } from "./fetch_answer.ts";
import type { StripeHttpClient } from "./paced_http_client.ts";

/** The Stripe API version whose shapes are sent and expected. Source: Stripe's API changelog. */
export const STRIPE_API_VERSION = "2026-10-28.endive";

/** How to reach Stripe. */
export interface StripeClientOptions {
  readonly secretKey: string;
  /** Origin to call instead of `https://api.stripe.com`, such as `http://127.0.0.1:12111`. */
  readonly baseUrl?: string;
  /** Longest wait for a whole answer. Default 4500: with one repetition a call ends within 10 s. */
  readonly timeoutMs?: number;
  /** How often a call is repeated after a lost connection, 409 or 5xx. Default 1. */
  readonly maxNetworkRetries?: number;
}

/**
 * A Stripe client that behaves alike on Node and Deno: it sends through `fetch`, so that the
 * timeout covers the whole answer.
 *
 * @param around what the client that sends is wrapped into
 * @throws {TypeError} when an option cannot work; the message never repeats the key
 */
export function createStripeClient(
  options: StripeClientOptions,
  around: (client: StripeHttpClient) => StripeHttpClient = (client) => client,
): Stripe {
  const { secretKey, timeoutMs = 4500, maxNetworkRetries = 1 } = options;
  if (!/^[\x21-\x7e]+$/.test(secretKey)) {
    throw new TypeError(
      "Cannot connect to Stripe: the secret key is empty or has blanks or line breaks",
    );
  }
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs <= 0) {
    throw new TypeError("Cannot connect to Stripe: timeoutMs must be a positive whole number");
  }
  if (!Number.isSafeInteger(maxNetworkRetries) || maxNetworkRetries < 0) {
    throw new TypeError("Cannot connect to Stripe: maxNetworkRetries must be 0 or more");
  }
  const address = options.baseUrl === undefined ? {} : addressOf(options.baseUrl);
  if (address.protocol === "http" && /^[a-z]+_live_/.test(secretKey)) {
    throw new TypeError("Cannot connect to Stripe: a live key must not travel over plain http");
  }
  return new Stripe(secretKey, {
    ...address,
    apiVersion: STRIPE_API_VERSION,
    timeout: timeoutMs,
    maxNetworkRetries,
    telemetry: false,
    httpClient: around(Stripe.createFetchHttpClient(fetchAnswer)),
    appInfo: { name: "mailingcore-billing" },
  });
}

function addressOf(baseUrl: string): {
  protocol?: "http" | "https";
  host?: string;
  port?: number;
} {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const secure = url?.protocol === "https:";
  if (url === undefined || (!secure && url.protocol !== "http:") || url.href !== `${url.origin}/`) {
    throw new TypeError(
      "Cannot connect to Stripe: baseUrl must be an http or https origin without path",
    );
  }
  return {
    protocol: secure ? "https" : "http",
    host: url.hostname,
    port: Number(url.port || (secure ? 443 : 80)),
  };
}
