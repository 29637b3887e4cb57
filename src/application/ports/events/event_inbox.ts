import type {
  BillingEvent,
  EventOutcome,
  EventState,
} from "../../../domain/events/billing_event.ts";

/** The default retention of events that ended well. */
export const DEFAULT_EVENT_RETENTION_DAYS = 90;

/** An event and the state of its handling. */
export interface InboxEvent {
  readonly event: BillingEvent;
  readonly state: EventState;
  /** Handling attempts since it was received or requeued. */
  readonly attempts: number;
  /** The reason for its state; `null` for `received`, `processing` and `done`. */
  readonly reason: string | null;
  readonly receivedAt: Date;
  /** When a `failed` event is due again; `null` in other states. */
  readonly nextAttemptAt: Date | null;
}

/** A hold on an event, after which others may take it over. */
export interface EventLease {
  /** Only its holder can settle the event. */
  readonly token: string;
  readonly until: Date;
}

/** A position in the list of events, which is sorted by the time of receipt, newest first. */
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
  /** Only events after this position. */
  readonly after?: EventCursor | undefined;
  readonly limit: number;
}

/**
 * Keeps every verified Stripe event exactly once; an event is durable once `receive` has resolved
 * (P03). Every method throws `PortError`.
 */
export interface EventInbox {
  /**
   * Stores an event as `received` unless it is already stored. Returns its state afterwards.
   *
   * @param lease claims the event in the same step if it was not stored before; then returns
   *   `claimed`
   */
  receive(event: BillingEvent, now: Date, lease?: EventLease): Promise<EventState | "claimed">;

  /** Finds an event by its id. */
  find(eventId: string): Promise<InboxEvent | undefined>;

  /**
   * Claims an event for handling until `leaseUntil` and counts the attempt. Atomic: of several
   * claims at once, one succeeds. Claimable states are `received`, `failed` (due or not),
   * `unmatched`, `dead` (whose attempts restart at 1), and `processing` with an expired lease
   * (P10). Returns `undefined` if the event is unknown, finished or claimed by somebody else.
   */
  claim(eventId: string, lease: EventLease & { now: Date }): Promise<InboxEvent | undefined>;

  /**
   * Records the outcome of the handling. Returns false and changes nothing if another claim has
   * replaced this one.
   */
  settle(eventId: string, token: string, outcome: EventOutcome): Promise<boolean>;

  /**
   * Lists the ids of events that wait for handling, the longest waiting first: `received` before
   * `receivedBefore`, `failed` and due at `now`, or `processing` with an expired lease.
   */
  due(at: { now: Date; receivedBefore: Date; limit: number }): Promise<readonly string[]>;

  /**
   * Lists events by the time of receipt, newest first, then by id, greatest first. Reading page by
   * page returns every event that exists throughout exactly once.
   */
  list(listing: EventListing): Promise<readonly InboxEvent[]>;

  /** Counts the events in each state, including states with none. */
  count(): Promise<Readonly<Record<EventState, number>>>;

  /**
   * Resets an event to `received`, without attempts and due as if it had arrived at `now`, whatever
   * its state was. Atomic. Returns false and changes nothing if the event is unknown or
   * `processing`.
   */
  requeue(eventId: string, now: Date): Promise<boolean>;

  /**
   * Removes events that ended well and were received before `receivedBefore`, at most `limit`;
   * returns how many. Never removes events that still wait or are dead.
   */
  purge(old: { receivedBefore: Date; limit: number }): Promise<number>;
}
