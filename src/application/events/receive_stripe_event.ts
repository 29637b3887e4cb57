import type { EventState } from "../../domain/events/billing_event.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventInbox } from "../ports/events/event_inbox.ts";
import type { WebhookVerifier } from "../ports/events/webhook_verifier.ts";
import { eventLease } from "./event_claim.ts";
import type { DeliveredEvent } from "./handle_deliveries.ts";

/** The outcome of a delivery. */
export type ReceiveStripeEventOutcome =
  | ({ readonly type: "stored"; readonly state: EventState } & DeliveredEvent)
  | { readonly type: "not_genuine" };

/** Checks a webhook delivery and stores its event before anything else happens (P01 to P03). */
export class ReceiveStripeEvent {
  readonly #verifier: WebhookVerifier;
  readonly #inbox: EventInbox;
  readonly #clock: Clock;
  readonly #settings: { readonly eventLeaseSeconds: number };

  constructor(
    ports: { verifier: WebhookVerifier; inbox: EventInbox; clock: Clock },
    settings: { eventLeaseSeconds: number },
  ) {
    this.#verifier = ports.verifier;
    this.#inbox = ports.inbox;
    this.#clock = ports.clock;
    this.#settings = settings;
  }

  /** Whether a delivery with this signature can be genuine, whatever its body turns out to be. */
  mayBeGenuine(signature: string): boolean {
    return this.#verifier.mayBeGenuine(signature);
  }

  /**
   * @param delivery the body's bytes exactly as received, and the `Stripe-Signature` header;
   *   `claims` tells that a new event is handled at once, so that it is stored as claimed
   * @throws {PortError} if the event could not be stored; Stripe must resend it
   */
  async execute(delivery: {
    rawBody: Uint8Array;
    signature: string | undefined;
    claims?: boolean;
  }): Promise<ReceiveStripeEventOutcome> {
    const event = await this.#verifier.verify(delivery.rawBody, delivery.signature);
    if (event === undefined) {
      return { type: "not_genuine" };
    }
    const { id: eventId, customerId } = event;
    const now = this.#clock();
    const lease = delivery.claims ? eventLease(now, this.#settings) : undefined;
    const state = await this.#inbox.receive(event, now, lease);
    if (state !== "claimed") {
      return { type: "stored", eventId, customerId, state };
    }
    const processing = { state: "processing", attempts: 1, reason: null } as const;
    const found = { event, ...processing, receivedAt: now, nextAttemptAt: null };
    const claim = lease && { ...lease, found };
    return { type: "stored", eventId, customerId, state: "processing", ...(claim && { claim }) };
  }
}
