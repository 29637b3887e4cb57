import type { Stripe } from "stripe";
import type { RequestBudget } from "./request_budget.ts";

/** What stripe-node sends its requests through. */
export type StripeHttpClient = ReturnType<typeof Stripe.createFetchHttpClient>;

/** How often a reading request that is refused for its rate is sent. */
const MAX_ATTEMPTS = 8;

/**
 * An HTTP client for stripe-node whose requests wait for their turn, each page and repetition for
 * itself. What is refused for its rate is repeated where it only reads; stripe-node would neither
 * repeat it nor honour `Retry-After`. Waiting does not count against the call's timeout.
 *
 * @param pace `signal` ends all waiting
 */
export function pacedHttpClient(
  client: StripeHttpClient,
  { budget, signal }: { budget: RequestBudget; signal: AbortSignal },
): StripeHttpClient {
  return {
    getClientName: () => client.getClientName(),
    makeRequest: async (host, port, path, method, ...rest) => {
      for (let attempt = 1; ; attempt += 1) {
        await budget.take(signal);
        const response = await client.makeRequest(host, port, path, method, ...rest);
        if (response.getStatusCode() !== 429) {
          budget.accepted();
          return response;
        }
        budget.refused(retryAfterMs(response.getHeaders()));
        if (method !== "GET" || attempt === MAX_ATTEMPTS) {
          return response;
        }
        response.dispose?.();
      }
    },
  };
}

/** Source: RFC 9110, "Retry-After": seconds, or a date, which Stripe does not send. */
function retryAfterMs(headers: Readonly<Record<string, unknown>>): number | null {
  const value = String(headers["retry-after"] ?? "");
  return /^\d{1,6}$/.test(value) ? Number(value) * 1_000 : null;
}
