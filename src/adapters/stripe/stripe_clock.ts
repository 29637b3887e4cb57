import { Stripe } from "stripe";
import type { ClockReading, OtherClock } from "../../application/ports/clock.ts";
import { PortError } from "../../application/ports/port_error.ts";
import { createStripeClient, type StripeClientOptions } from "./create_stripe_client.ts";
import type { StripeHttpClient } from "./paced_http_client.ts";
import { portErrorOf } from "./port_error_of.ts";

/** The `Date` header has whole seconds. Source: RFC 9110, "Date". */
const RESOLUTION_MS = 1_000;
/** A reading younger than this needs no new request. */
const FRESH_MS = 60_000;
const ACTION = "ask Stripe for its time";

/**
 * Reads Stripe's clock from every answer to the clients that it watches, error answers included.
 */
export class StripeClock implements OtherClock {
  readonly #stripe: Stripe;
  readonly #monotonicMs: () => number;
  #latest: ClockReading | undefined;

  /** @param monotonicMs a clock that never jumps, in milliseconds */
  constructor(options: StripeClientOptions, monotonicMs = () => performance.now()) {
    this.#monotonicMs = monotonicMs;
    const once = { ...options, maxNetworkRetries: 0 };
    this.#stripe = createStripeClient(once, (client) => this.watch(client));
  }

  /** Wraps a client to read the time from each of its answers. */
  watch(client: StripeHttpClient): StripeHttpClient {
    return {
      getClientName: () => client.getClientName(),
      makeRequest: async (...request) => {
        const askedMs = this.#monotonicMs();
        const response = await client.makeRequest(...request);
        this.#note(response.getHeaders(), askedMs);
        return response;
      },
    };
  }

  /** {@inheritDoc} */
  latest(): ClockReading | undefined {
    return this.#latest;
  }

  /** {@inheritDoc} Sends nothing where Stripe has answered within the last minute. */
  async ask(): Promise<void> {
    const before = this.#latest;
    if (before !== undefined && this.#monotonicMs() - before.answeredMs < FRESH_MS) {
      return;
    }
    try {
      await this.#stripe.products.list({ limit: 1 });
    } catch (error) {
      const isRefusal =
        error instanceof Stripe.errors.StripeError && error.statusCode !== undefined;
      if (!isRefusal) {
        throw portErrorOf(error, ACTION);
      }
    }
    if (this.#latest === before) {
      throw new PortError(`Cannot ${ACTION}: the answer has no Date`, { transient: true });
    }
  }

  /** Ignores answers without a request id, which come from a proxy and not from Stripe. */
  #note(headers: Readonly<Record<string, unknown>>, askedMs: number): void {
    const time = new Date(String(headers.date));
    if (!Number.isNaN(time.getTime()) && typeof headers["request-id"] === "string") {
      const answeredMs = this.#monotonicMs();
      this.#latest = { time, resolutionMs: RESOLUTION_MS, askedMs, answeredMs };
    }
  }
}
