import type { EventState } from "../../domain/events/billing_event.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventInbox } from "../ports/events/event_inbox.ts";
import type { WebhookVerifier } from "../ports/events/webhook_verifier.ts";
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

  constructor(ports: { verifier: WebhookVerifier; inbox: EventInbox; clock: Clock }) {
    this.#verifier = ports.verifier;
    this.#inbox = ports.inbox;
    this.#clock = ports.clock;
  }

  /** Whether a delivery with this signature can be genuine, whatever its body turns out to be. */
  mayBeGenuine(signature: string): boolean {
    return this.#verifier.mayBeGenuine(signature);
  }

  /**
   * @param delivery the body's bytes exactly as received, and the `Stripe-Signature` header
   * @throws {PortError} if the event could not be stored; Stripe must resend it
   */
  async execute(delivery: {
    rawBody: Uint8Array;
    signature: string | undefined;
  }): Promise<ReceiveStripeEventOutcome> {
    const event = await this.#verifier.verify(delivery.rawBody, delivery.signature);
    if (event === undefined) {
      return { type: "not_genuine" };
    }
    const state = await this.#inbox.receive(event, this.#clock());
    return { type: "stored", eventId: event.id, customerId: event.customerId, state };
  }
}
