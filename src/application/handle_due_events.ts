import type { HandleStripeEvent, HandleStripeEventOutcome } from "./handle_stripe_event.ts";
import type { Clock } from "./ports/clock.ts";
import type { EventInbox } from "./ports/event_inbox.ts";

/** An event that was run again. */
export interface HandledEvent {
  readonly eventId: string;
  readonly outcome: HandleStripeEventOutcome;
}

/**
 * Runs events again that wait for it: failed ones that are due, and those whose first handling a
 * crash or a slow answer cut off (P03, P08). Any number of processes may do so at once.
 */
export class HandleDueEvents {
  readonly #inbox: EventInbox;
  readonly #handleStripeEvent: HandleStripeEvent;
  readonly #clock: Clock;
  readonly #firstAttemptMs: number;

  /**
   * @param settings `firstAttemptMs`: how long after its arrival an event is left to the delivery
   *   that brought it, in milliseconds
   */
  constructor(
    ports: { inbox: EventInbox; handleStripeEvent: HandleStripeEvent; clock: Clock },
    settings: { firstAttemptMs: number },
  ) {
    this.#inbox = ports.inbox;
    this.#handleStripeEvent = ports.handleStripeEvent;
    this.#clock = ports.clock;
    this.#firstAttemptMs = settings.firstAttemptMs;
  }

  /**
   * Handles at most `limit` events that are due now, one after the other; none is begun after
   * `signal` is aborted.
   *
   * @throws {PortError} when the inbox fails
   */
  async execute({
    limit,
    signal,
  }: {
    limit: number;
    signal?: AbortSignal;
  }): Promise<readonly HandledEvent[]> {
    const now = this.#clock();
    const receivedBefore = new Date(now.getTime() - this.#firstAttemptMs);
    const handled: HandledEvent[] = [];
    for (const eventId of await this.#inbox.due({ now, receivedBefore, limit })) {
      if (signal?.aborted) {
        break;
      }
      handled.push({ eventId, outcome: await this.#handleStripeEvent.execute({ eventId }) });
    }
    return handled;
  }
}
