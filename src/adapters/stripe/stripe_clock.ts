import { Stripe } from "stripe";
import type { ClockReading, OtherClock } from "../../application/ports/clock.ts";
import { PortError } from "../../application/ports/port_error.ts";
import { createStripeClient, type StripeClientOptions } from "./create_stripe_client.ts";
import type { StripeHttpClient } from "./paced_http_client.ts";
import { portErrorOf } from "./port_error_of.ts";

/** Source: RFC 9110, "Date": whole seconds. */
const RESOLUTION_MS = 1_000;
/** An answer that is younger is as good as a new one. */
const FRESH_MS = 60_000;
const ACTION = "ask Stripe for its time";

/** Stripe's clock. Every answer to a client that it watches tells the time; refusals do, too. */
export class StripeClock implements OtherClock {
  readonly #stripe: Stripe;
  readonly #monotonicMs: () => number;
  #latest: ClockReading | undefined;

  /** @param monotonicMs a clock that never jumps */
  constructor(options: StripeClientOptions, monotonicMs = () => performance.now()) {
    this.#monotonicMs = monotonicMs;
    const once = { ...options, maxNetworkRetries: 0 };
    this.#stripe = createStripeClient(once, (client) => this.watch(client));
  }

  /** The client, with the time read from each of its answers. */
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

  /** Only what Stripe itself has answered: a proxy's refusals have no id of a request. */
  #note(headers: Readonly<Record<string, unknown>>, askedMs: number): void {
    const time = new Date(String(headers.date));
    if (!Number.isNaN(time.getTime()) && typeof headers["request-id"] === "string") {
      const answeredMs = this.#monotonicMs();
      this.#latest = { time, resolutionMs: RESOLUTION_MS, askedMs, answeredMs };
    }
  }
}
