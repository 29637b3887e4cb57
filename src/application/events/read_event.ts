import type { EventInbox, InboxEvent } from "../ports/events/event_inbox.ts";

/** Shows one event of the inbox to operators. */
export class ReadEvent {
  readonly #inbox: EventInbox;

  constructor(ports: { inbox: EventInbox }) {
    this.#inbox = ports.inbox;
  }

  /**
   * Returns the event; `undefined` if it never arrived or was removed.
   *
   * @throws {PortError} if the inbox fails
   */
  execute({ eventId }: { eventId: string }): Promise<InboxEvent | undefined> {
    return this.#inbox.find(eventId);
  }
}
