import type { Stripe } from "stripe";
import type { RequestBudget } from "./request_budget.ts";

/** The HTTP client that stripe-node sends through. */
export type StripeHttpClient = ReturnType<typeof Stripe.createFetchHttpClient>;

/** Attempts of a read that is rate-limited. */
const MAX_ATTEMPTS = 8;

/**
 * Wraps an HTTP client for stripe-node: every request, each page and retry included, waits for its
 * turn. Repeats rate-limited reads, because stripe-node neither repeats them nor honours
 * `Retry-After`. The call's timeout excludes the waiting.
 *
 * @param pace the budget; its `signal` ends all waiting
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

/** Reads `Retry-After` in seconds; Stripe never sends a date. Source: RFC 9110, "Retry-After". */
function retryAfterMs(headers: Readonly<Record<string, unknown>>): number | null {
  const value = String(headers["retry-after"] ?? "");
  return /^\d{1,6}$/.test(value) ? Number(value) * 1_000 : null;
}
