import type {
  BillingEvent,
  EventOutcome,
  EventState,
} from "../../../domain/events/billing_event.ts";

/** How long events are kept that ended well, where nobody has decided. */
export const DEFAULT_EVENT_RETENTION_DAYS = 90;

/** An event with where it stands. */
export interface InboxEvent {
  readonly event: BillingEvent;
  readonly state: EventState;
  /** How often its handling was begun since it was received or revived. */
  readonly attempts: number;
  /** Why it is in its state; `null` for `received`, `processing` and `done`. */
  readonly reason: string | null;
  readonly receivedAt: Date;
  /** When a `failed` event is due again; `null` in other states. */
  readonly nextAttemptAt: Date | null;
}

/** A place in the list of events, which begins with the one received last. */
export interface EventCursor {
  readonly receivedAt: Date;
  readonly eventId: string;
}

/** Which events to list. */
export interface EventListing {
  /** Only events in this state. */
  readonly state?: EventState | undefined;
  /** Only events of this type. */
  readonly type?: string | undefined;
  /** Only events that come after this one in the list. */
  readonly after?: EventCursor | undefined;
  readonly limit: number;
}

/**
 * Every verified Stripe event, exactly once each, durable when `receive` answers (P03).
 * Every method throws `PortError`.
 */
export interface EventInbox {
  /**
   * Stores an event as `received`. An event that is already stored stays as it is.
   * Answers the state it has afterwards.
   */
  receive(event: BillingEvent, now: Date): Promise<EventState>;

  /** The event with that id, or `undefined`. */
  find(eventId: string): Promise<InboxEvent | undefined>;

  /**
   * Takes an event for handling until `leaseUntil` and counts the attempt. One atomic step: of many
   * claims at once one succeeds. Can be claimed: `received`, `failed` (due or not), `unmatched`,
   * `dead` (its attempts start again at 1), and `processing` whose lease has run out (P10).
   * Answers `undefined` when the event is unknown, finished or in other hands.
   *
   * @param token names the claim; only its holder can settle the event
   */
  claim(
    eventId: string,
    lease: { token: string; now: Date; until: Date },
  ): Promise<InboxEvent | undefined>;

  /**
   * Records how the handling ended. Answers false, and changes nothing, when the claim with that
   * token has been lost to another one.
   */
  settle(eventId: string, token: string, outcome: EventOutcome): Promise<boolean>;

  /**
   * Ids of events that wait for handling: `received` before `receivedBefore`, `failed` and due at
   * `now`, `processing` with a lease that has run out. The longest waiting first.
   */
  due(at: { now: Date; receivedBefore: Date; limit: number }): Promise<readonly string[]>;

  /**
   * Events by the time they were received, newest first, of equal ones the greater id first. A list
   * read page by page has every event once that was there all the time.
   */
  list(listing: EventListing): Promise<readonly InboxEvent[]>;

  /** How many events are in each state; every state is named. */
  count(): Promise<Readonly<Record<EventState, number>>>;

  /**
   * Puts an event back to `received`, with no attempts and due as if it had come at `now`, whatever
   * became of it before. One atomic step. Answers false, and changes nothing, when the event is
   * unknown or `processing`.
   */
  requeue(eventId: string, now: Date): Promise<boolean>;

  /**
   * Removes events that ended well and were received before `receivedBefore`, at most `limit`, and
   * answers how many it removed. What still waits, and what is dead, is never removed.
   */
  purge(old: { receivedBefore: Date; limit: number }): Promise<number>;
}
