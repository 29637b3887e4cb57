import type { Clock } from "../ports/clock.ts";
import type { EventInbox } from "../ports/events/event_inbox.ts";

const DAY_MS = 86_400_000;

/**
 * Removes events that ended well and are older than the retention. Their effects stay: if Stripe
 * resends one, handling it changes nothing.
 */
export class PurgeEvents {
  readonly #inbox: EventInbox;
  readonly #clock: Clock;
  readonly #retentionMs: number;

  /** @param settings `eventRetentionDays`: how long finished events are kept */
  constructor(
    ports: { inbox: EventInbox; clock: Clock },
    settings: { eventRetentionDays: number },
  ) {
    this.#inbox = ports.inbox;
    this.#clock = ports.clock;
    this.#retentionMs = settings.eventRetentionDays * DAY_MS;
  }

  /**
   * Removes at most `limit` events and returns how many.
   *
   * @throws {PortError} if the inbox fails
   */
  execute({ limit }: { limit: number }): Promise<number> {
    const receivedBefore = new Date(this.#clock().getTime() - this.#retentionMs);
    return this.#inbox.purge({ receivedBefore, limit });
  }
}
