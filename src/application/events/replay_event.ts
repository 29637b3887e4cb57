import type { Clock } from "../ports/clock.ts";
import type { EventInbox, InboxEvent } from "../ports/events/event_inbox.ts";
import type { HandleStripeEvent } from "./handle_stripe_event.ts";

/** The outcome of a replay. */
export type ReplayEventOutcome =
  /** The event was run again; `event` is its state afterwards. */
  | { readonly type: "replayed"; readonly event: InboxEvent }
  /** It is being handled right now. */
  | { readonly type: "in_progress" }
  | { readonly type: "unknown" };

/**
 * Handles an event again, whatever its state (P05, P08). Nothing happens twice, because handling
 * only reads the payment provider's state once more.
 */
export class ReplayEvent {
  readonly #inbox: EventInbox;
  readonly #handleStripeEvent: HandleStripeEvent;
  readonly #clock: Clock;

  constructor(dependencies: {
    inbox: EventInbox;
    handleStripeEvent: HandleStripeEvent;
    clock: Clock;
  }) {
    this.#inbox = dependencies.inbox;
    this.#handleStripeEvent = dependencies.handleStripeEvent;
    this.#clock = dependencies.clock;
  }

  /**
   * Requeues the event before handling it: after a crash in between, the worker handles it.
   *
   * @throws {PortError} if the inbox fails
   */
  async execute({ eventId }: { eventId: string }): Promise<ReplayEventOutcome> {
    const requeued = await this.#inbox.requeue(eventId, this.#clock());
    // An event in progress cannot be requeued, but one whose handler died can be taken over.
    const { type } = await this.#handleStripeEvent.execute({ eventId });
    const event = await this.#inbox.find(eventId);
    if (event === undefined) {
      return { type: "unknown" };
    }
    return requeued || type === "settled" ? { type: "replayed", event } : { type: "in_progress" };
  }
}
