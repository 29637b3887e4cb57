import type { ClaimableEvent } from "./event_claim.ts";
import type { HandleStripeEvent, HandleStripeEventOutcome } from "./handle_stripe_event.ts";
import type { LookPace } from "./look_pace.ts";

/** A stored event that was just delivered. */
export interface DeliveredEvent extends ClaimableEvent {
  /** Whom it concerns, as far as it says so. */
  readonly customerId: string | null;
}

/** An event that waits, and those who wait for it. */
interface Waiting {
  readonly event: ClaimableEvent;
  readonly end: PromiseWithResolvers<HandleStripeEventOutcome>;
}

/** More deliveries than any burst brings before they are handled; the worker has the rest. */
const MOST_WAITING = 20_000;

/**
 * Handles events as they are delivered: so many customers at once, each customer's events one after
 * another, and all that wait for the same customer by one look (P09). It looks no faster than its
 * pace allows, so that a burst leaves room for users. What it has not begun when the process ends is
 * stored and due.
 */
export class HandleDeliveries {
  readonly #handleStripeEvent: Pick<HandleStripeEvent, "executeAll">;
  readonly #pace: Pick<LookPace, "isFree" | "take">;
  readonly #concurrency: number;
  /** Who waits, by customer, in the order of arrival. */
  readonly #lanes = new Map<string, Waiting[]>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #known = new Map<string, Promise<HandleStripeEventOutcome>>();
  #crowd = Promise.withResolvers<void>();
  #isClosed = false;

  /** @param settings `workerConcurrency`: how many customers' events are handled at once */
  constructor(
    dependencies: {
      handleStripeEvent: Pick<HandleStripeEvent, "executeAll">;
      pace: Pick<LookPace, "isFree" | "take">;
    },
    settings: { workerConcurrency: number },
  ) {
    this.#handleStripeEvent = dependencies.handleStripeEvent;
    this.#pace = dependencies.pace;
    this.#concurrency = settings.workerConcurrency;
  }

  /** Whether the next event would be handled at once. */
  get hasRoom(): boolean {
    return this.#running.size < this.#concurrency && this.#lanes.size === 0 && this.#pace.isFree;
  }

  /** Resolves when the next event has to wait for its turn. */
  get crowded(): Promise<void> {
    return this.#crowd.promise;
  }

  /** Whether the event waits or is being handled here. */
  has(eventId: string): boolean {
    return this.#known.has(eventId);
  }

  /**
   * Handles the event once it is its turn. An event that waits already is not added again.
   *
   * @throws {PortError} if the inbox fails; the event becomes due again
   */
  execute({ customerId, ...event }: DeliveredEvent): Promise<HandleStripeEventOutcome> {
    const { eventId } = event;
    const known = this.#known.get(eventId);
    if (known !== undefined) {
      return known;
    }
    if (this.#isClosed || this.#known.size >= MOST_WAITING) {
      return Promise.resolve({ type: "not_claimed" });
    }
    if (!this.hasRoom) {
      this.#crowd.resolve();
      this.#crowd = Promise.withResolvers();
    }
    const key = customerId ?? eventId;
    const end = Promise.withResolvers<HandleStripeEventOutcome>();
    const lane = this.#lanes.get(key);
    if (lane === undefined) {
      this.#lanes.set(key, [{ event, end }]);
    } else {
      lane.push({ event, end });
    }
    const handled = end.promise.finally(() => this.#known.delete(eventId));
    this.#known.set(eventId, handled);
    this.#begin();
    return handled;
  }

  /** Begins nothing more, and resolves when nothing is in hand any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const lane of this.#lanes.values()) {
      for (const { end } of lane) {
        end.resolve({ type: "not_claimed" });
      }
    }
    this.#lanes.clear();
    await Promise.all(this.#running.values());
  }

  #begin(): void {
    for (const key of this.#lanes.keys()) {
      if (this.#running.size >= this.#concurrency) {
        return;
      }
      if (!this.#running.has(key)) {
        const run = this.#run(key).finally(() => {
          this.#running.delete(key);
          this.#begin();
        });
        this.#running.set(key, run);
      }
    }
  }

  async #run(key: string): Promise<void> {
    // Whatever has arrived by now is part of this look; what comes later waits for the next one.
    const lane = this.#lanes.get(key) ?? [];
    this.#lanes.delete(key);
    const events = lane.map(({ event }) => event);
    try {
      const beforeLook = () => this.#pace.take();
      const outcomes = await this.#handleStripeEvent.executeAll({ events, beforeLook });
      for (const [index, { end }] of lane.entries()) {
        end.resolve(outcomes[index] ?? { type: "not_claimed" });
      }
    } catch (error) {
      for (const { end } of lane) {
        end.reject(error);
      }
    }
  }
}
