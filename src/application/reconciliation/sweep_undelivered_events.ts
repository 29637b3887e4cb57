import type { Clock } from "../ports/clock.ts";
import type { EventInbox } from "../ports/events/event_inbox.ts";
import type { PaymentRecords } from "../ports/subscription/payment_records.ts";

/**
 * Stores events that the payment provider could not deliver, as if it had delivered them (P37).
 * Reading them from the provider proves that they are genuine. Events that are already stored are
 * left alone, whatever their state (P05).
 */
export class SweepUndeliveredEvents {
  readonly #inbox: EventInbox;
  readonly #clock: Clock;

  constructor(ports: { inbox: EventInbox; clock: Clock }) {
    this.#inbox = ports.inbox;
    this.#clock = ports.clock;
  }

  /**
   * Returns how many events were new; a dry run only counts them.
   *
   * @throws {PortError}
   */
  async execute({
    records,
    dryRun,
    signal,
  }: {
    records: PaymentRecords;
    dryRun: boolean;
    signal: AbortSignal;
  }): Promise<number> {
    let found = 0;
    for await (const event of records.events({ undelivered: true })) {
      if (signal.aborted) {
        break;
      }
      if ((await this.#inbox.find(event.id)) === undefined) {
        found += 1;
        if (!dryRun) {
          await this.#inbox.receive(event, this.#clock());
        }
      }
    }
    return found;
  }
}
