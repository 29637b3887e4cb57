import type { BillingEvent } from "../../domain/events/billing_event.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventInbox } from "../ports/events/event_inbox.ts";
import type { PaymentRecords } from "../ports/subscription/payment_records.ts";

/** Consecutive failures that mean that the store is down. */
const MOST_FAILURES_IN_A_ROW = 25;

/** What was taken in. */
export interface SweptEvents {
  /** How many events were new. */
  readonly events: number;
  /** Why some could not be stored; the next run tries them again. */
  readonly failures: readonly unknown[];
}

/**
 * Stores events that the payment provider could not deliver, as if it had delivered them (P37).
 * Reading them from the provider proves that they are genuine. Events that are already stored are
 * left alone, whatever their state (P05).
 */
export class SweepUndeliveredEvents {
  readonly #inbox: Pick<EventInbox, "find" | "receive">;
  readonly #clock: Clock;

  constructor(ports: { inbox: Pick<EventInbox, "find" | "receive">; clock: Clock }) {
    this.#inbox = ports.inbox;
    this.#clock = ports.clock;
  }

  /**
   * Stores what is new; a dry run only counts it. An event that cannot be stored keeps none of the
   * others out.
   *
   * @throws {PortError} if the events cannot be listed
   */
  async execute({
    records,
    dryRun,
    signal,
  }: {
    records: Pick<PaymentRecords, "events">;
    dryRun: boolean;
    signal: AbortSignal;
  }): Promise<SweptEvents> {
    const failures: unknown[] = [];
    let events = 0;
    let failuresInARow = 0;
    for await (const event of records.events({ undelivered: true })) {
      if (signal.aborted || failuresInARow === MOST_FAILURES_IN_A_ROW) {
        break;
      }
      try {
        events += (await this.#takeIn(event, dryRun)) ? 1 : 0;
        failuresInARow = 0;
      } catch (error) {
        failures.push(error);
        failuresInARow += 1;
      }
    }
    return { events, failures };
  }

  /** Whether the event was new. */
  async #takeIn(event: BillingEvent, dryRun: boolean): Promise<boolean> {
    const isNew = (await this.#inbox.find(event.id)) === undefined;
    if (isNew && !dryRun) {
      await this.#inbox.receive(event, this.#clock());
    }
    return isNew;
  }
}
