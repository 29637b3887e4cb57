import type { BillingEvent, EventOutcome, EventState } from "../../domain/billing_event.ts";

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
}
