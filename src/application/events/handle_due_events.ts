import type { Clock } from "../ports/clock.ts";
import type { EventInbox } from "../ports/events/event_inbox.ts";
import { PortError } from "../ports/port_error.ts";
import type { HandleDeliveries } from "./handle_deliveries.ts";
import type { HandleStripeEvent, HandleStripeEventOutcome } from "./handle_stripe_event.ts";

/** A retried event. */
export interface HandledEvent {
  readonly eventId: string;
  readonly outcome: HandleStripeEventOutcome;
}

/**
 * Retries events that wait for it: failed ones that are due, and those whose first handling was cut
 * short by a crash or a slow answer (P03, P08). Any number of processes may do so at once.
 */
export class HandleDueEvents {
  readonly #inbox: EventInbox;
  readonly #handleStripeEvent: HandleStripeEvent;
  readonly #handleDeliveries: Pick<HandleDeliveries, "has">;
  readonly #clock: Clock;
  readonly #firstAttemptMs: number;
  readonly #concurrency: number;

  /**
   * @param settings `eventFirstAttemptSeconds`: how long after its arrival an event is left to the
   *   delivery that brought it; `workerConcurrency`: how many events are handled at once
   */
  constructor(
    dependencies: {
      inbox: EventInbox;
      handleStripeEvent: HandleStripeEvent;
      handleDeliveries: Pick<HandleDeliveries, "has">;
      clock: Clock;
    },
    settings: { eventFirstAttemptSeconds: number; workerConcurrency: number },
  ) {
    this.#inbox = dependencies.inbox;
    this.#handleStripeEvent = dependencies.handleStripeEvent;
    this.#handleDeliveries = dependencies.handleDeliveries;
    this.#clock = dependencies.clock;
    this.#firstAttemptMs = 1_000 * settings.eventFirstAttemptSeconds;
    this.#concurrency = settings.workerConcurrency;
  }

  /**
   * Handles at most `limit` events that are due, the longest waiting first, apart from those whose
   * delivery has its turn here anyway. Begins none after `signal` aborts or the inbox fails; an event
   * that cannot be read keeps none of the others waiting.
   *
   * @throws {PortError} if the inbox fails or an event cannot be read, once nothing is in progress
   *   any more
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
    const due = await this.#inbox.due({ now, receivedBefore, limit });
    const waiting = due.filter((eventId) => !this.#handleDeliveries.has(eventId)).entries();
    const handled: (HandledEvent | undefined)[] = [];
    const failures: unknown[] = [];
    let isDown = false;
    const work = async () => {
      for (const [index, eventId] of waiting) {
        if (signal?.aborted || isDown) {
          return;
        }
        try {
          const outcome = await this.#handleStripeEvent.execute({ eventId });
          handled[index] = { eventId, outcome };
        } catch (error) {
          failures.push(error);
          isDown = isDown || !(error instanceof PortError) || error.transient;
        }
      }
    };
    await Promise.all(Array.from({ length: this.#concurrency }, work));
    if (failures.length > 0) {
      throw failures[0];
    }
    return handled.filter((event) => event !== undefined);
  }
}
