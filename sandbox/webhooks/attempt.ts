import { Stripe } from "stripe";
import type { DeliveryAttempt } from "../state/delivery.ts";
import type { WireEvent } from "../state/wire.ts";

const TIMEOUT_MS = 10_000;

/** Where an attempt goes and how it is signed. */
export interface AttemptTarget {
  url: string;
  secret: string;
}

/**
 * Posts an event once, signed at this moment of real time. A redirect is not followed. Never
 * throws: an answer that did not come is an attempt without a status.
 */
export async function attemptDelivery(
  event: WireEvent,
  target: AttemptTarget,
  closing: AbortSignal,
): Promise<DeliveryAttempt> {
  const at = new Date();
  const payload = JSON.stringify(event, null, 2);
  try {
    const response = await fetch(target.url, {
      method: "POST",
      headers: await signedHeaders(payload, target.secret),
      body: payload,
      redirect: "manual",
      signal: AbortSignal.any([closing, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    return { at: at.toISOString(), status: response.status, error: null };
  } catch (error) {
    return { at: at.toISOString(), status: null, error: describe(error) };
  }
}

/** The headers of a webhook, signed at this moment of real time. */
export async function signedHeaders(
  payload: string,
  secret: string,
): Promise<Record<string, string>> {
  const timestamp = Math.floor(Date.now() / 1000);
  return {
    "content-type": "application/json; charset=utf-8",
    "stripe-signature": await Stripe.webhooks.generateTestHeaderStringAsync({
      payload,
      secret,
      timestamp,
    }),
    "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
  };
}

/** Whether the endpoint took the event. */
export function succeeded(attempt: DeliveryAttempt): boolean {
  return attempt.status !== null && attempt.status >= 200 && attempt.status < 300;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
