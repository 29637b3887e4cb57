import type { NoteChange } from "../ports/audit/note_change.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventInbox, InboxEvent } from "../ports/events/event_inbox.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { HandleStripeEvent } from "./handle_stripe_event.ts";

/** The outcome of a replay. */
export type ReplayEventOutcome =
  /** The event was run again; `event` is its state afterwards. */
  | { readonly type: "replayed"; readonly event: InboxEvent }
  /** It is being handled right now. */
  | { readonly type: "in_progress" }
  | { readonly type: "unknown" };

/**
 * Handles an event again, whatever its state (P05, P08). Nothing happens twice, because handling
 * only reads the payment provider's state once more. The audit trail of the tenant whose customer the
 * event names tells who asked for it (P38); the entry is written first, so that a crash leaves one too
 * many rather than none.
 */
export class ReplayEvent {
  readonly #inbox: EventInbox;
  readonly #handleStripeEvent: HandleStripeEvent;
  readonly #accounts: Pick<AccountStore, "findByCustomer">;
  readonly #noteChange: NoteChange;
  readonly #clock: Clock;

  constructor(dependencies: {
    inbox: EventInbox;
    handleStripeEvent: HandleStripeEvent;
    accounts: Pick<AccountStore, "findByCustomer">;
    noteChange: NoteChange;
    clock: Clock;
  }) {
    this.#inbox = dependencies.inbox;
    this.#handleStripeEvent = dependencies.handleStripeEvent;
    this.#accounts = dependencies.accounts;
    this.#noteChange = dependencies.noteChange;
    this.#clock = dependencies.clock;
  }

  /**
   * Requeues the event before handling it: after a crash in between, the worker handles it.
   *
   * @throws {PortError} if the inbox or the audit trail fails
   */
  async execute({ eventId }: { eventId: string }): Promise<ReplayEventOutcome> {
    const known = await this.#inbox.find(eventId);
    if (known === undefined) {
      return { type: "unknown" };
    }
    await this.#note(known);
    const requeued = await this.#inbox.requeue(eventId, this.#clock());
    // An event in progress cannot be requeued, but one whose handler died can be taken over.
    const { type } = await this.#handleStripeEvent.execute({ eventId });
    const event = (await this.#inbox.find(eventId)) ?? known;
    return requeued || type === "settled" ? { type: "replayed", event } : { type: "in_progress" };
  }

  async #note({ event: { id, customerId }, state }: InboxEvent): Promise<void> {
    const account = customerId === null ? null : await this.#accounts.findByCustomer(customerId);
    if (account) {
      const field = `events.${id}.state`;
      const { tenantId } = account;
      await this.#noteChange({ tenantId, fields: [{ field, before: state, after: "received" }] });
    }
  }
}
