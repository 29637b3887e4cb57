import type { Clock } from "../ports/clock.ts";
import type { EventInbox } from "../ports/events/event_inbox.ts";
import type { PaymentRecords } from "../ports/subscription/payment_records.ts";

/**
 * Takes events in that the payment provider could not deliver, as if they had been (P37). They were
 * read from the provider itself, which proves them; from there on they go the way of all events.
 * Those that are known already, whatever became of them, are left alone (P05).
 */
export class SweepUndeliveredEvents {
  readonly #inbox: EventInbox;
  readonly #clock: Clock;

  constructor(ports: { inbox: EventInbox; clock: Clock }) {
    this.#inbox = ports.inbox;
    this.#clock = ports.clock;
  }

  /**
   * How many events were new; in a dry run they are only counted.
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
