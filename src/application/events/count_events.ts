import type { EventState } from "../../domain/events/billing_event.ts";
import type { EventInbox } from "../ports/events/event_inbox.ts";

/** Counts the events of the inbox by state, for operators and their monitoring. */
export class CountEvents {
  readonly #inbox: EventInbox;

  constructor(ports: { inbox: EventInbox }) {
    this.#inbox = ports.inbox;
  }

  /** @throws {PortError} when the inbox fails */
  execute(): Promise<Readonly<Record<EventState, number>>> {
    return this.#inbox.count();
  }
}
