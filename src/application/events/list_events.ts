import type { EventState } from "../../domain/events/billing_event.ts";
import type { EventCursor, EventInbox, InboxEvent } from "../ports/events/event_inbox.ts";

/** Which part of the inbox to show. */
export interface ListEventsQuery {
  readonly state?: EventState | undefined;
  readonly type?: string | undefined;
  /** Where the previous page ended. */
  readonly after?: EventCursor | undefined;
  /** Most events of the page. */
  readonly limit: number;
}

/** A page of events, the latest received first. */
export interface EventPage {
  readonly events: readonly InboxEvent[];
  /** Where the next page begins; `null` on the last one. */
  readonly next: EventCursor | null;
}

/** Lists the events of the inbox for operators, page by page. */
export class ListEvents {
  readonly #inbox: EventInbox;

  constructor(ports: { inbox: EventInbox }) {
    this.#inbox = ports.inbox;
  }

  /** @throws {PortError} when the inbox fails */
  async execute({ limit, ...filter }: ListEventsQuery): Promise<EventPage> {
    const found = await this.#inbox.list({ ...filter, limit: limit + 1 });
    const events = found.slice(0, limit);
    const last = found.length > limit ? events.at(-1) : undefined;
    const next = last ? { receivedAt: last.receivedAt, eventId: last.event.id } : null;
    return { events, next };
  }
}
