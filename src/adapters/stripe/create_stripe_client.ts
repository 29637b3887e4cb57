import { Stripe } from "stripe";
import type { StripeHttpClient } from "./paced_http_client.ts";
import { stripeHttpClient } from "./stripe_http_client.ts";

/**
 * The pinned Stripe API version, for requests, answers and webhooks. Source: Stripe API changelog.
 */
export const STRIPE_API_VERSION = "2026-10-28.endive";

/** How to reach Stripe. */
export interface StripeClientOptions {
  readonly secretKey: string;
  /** Origin to call instead of `https://api.stripe.com`, such as `http://127.0.0.1:12111`. */
  readonly baseUrl?: string;
  /**
   * Timeout of one attempt, until its whole answer has arrived. Default 4500: a call with one retry
   * ends within 10 s.
   */
  readonly timeoutMs?: number;
  /** Retries after a lost connection, a 409 or a 5xx. Default 1. */
  readonly maxNetworkRetries?: number;
}

/**
 * Creates a Stripe client that behaves the same on Node and Deno; see `stripeHttpClient`.
 *
 * @param around wraps the HTTP client, for pacing or measuring
 * @throws {TypeError} if an option is unusable; the message never contains the key
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
    httpClient: around(stripeHttpClient),
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
