import type { Stripe } from "stripe";
import { invalidRequest, resourceMissing } from "../engine/request_error.ts";
import type { State } from "../state/state.ts";
import type { WireEvent } from "../state/wire.ts";
import { created, inRange, newestFirst, PAGE, page } from "./listing.ts";
import { flag, list, type ShapeOf, text } from "./params.ts";
import { type Route, route } from "./route.ts";

export const eventRoutes: Route[] = [
  route("GET", "/v1/events/:id", {
    params: {},
    returns: "event",
    handle: ({ tx, id }) => {
      const event = tx.state.events.get(id);
      if (event === undefined) {
        throw resourceMissing("event", id);
      }
      return { ...event, pending_webhooks: undelivered(tx.state).get(id) ?? 0 };
    },
  }),
  route("GET", "/v1/events", {
    params: {
      ...PAGE,
      created,
      delivery_success: flag,
      type: text,
      types: list(text, 20),
    } satisfies ShapeOf<Stripe.EventListParams>,
    returns: "list:event",
    check: ({ type, types }) => {
      if (type !== undefined && types !== undefined) {
        throw invalidRequest("You may only specify one of these parameters: type, types.", "type");
      }
    },
    handle: ({ tx, params }) => {
      const wanted = params.types ?? (params.type === undefined ? ["*"] : [params.type]);
      const pending = undelivered(tx.state);
      const found = newestFirst(
        tx.state.events,
        (event) =>
          wanted.some((pattern) => isOfType(event, pattern)) &&
          inRange(event.created, params.created) &&
          (params.delivery_success === undefined ||
            params.delivery_success === !pending.has(event.id)),
      ).map((event) => ({ ...event, pending_webhooks: pending.get(event.id) ?? 0 }));
      return page("/v1/events", found, params);
    },
  }),
];

/** How many endpoints have not taken an event, by its id; events that all took are not in it. */
function undelivered(state: State): Map<string, number> {
  const taken = new Map<string, boolean>();
  for (const { event, endpoint, status } of state.deliveries.values()) {
    const key = `${event} ${endpoint}`;
    taken.set(key, taken.get(key) === true || status === "delivered");
  }
  const counts = new Map<string, number>();
  for (const [key, delivered] of taken) {
    const event = key.slice(0, key.indexOf(" "));
    if (!delivered) {
      counts.set(event, (counts.get(event) ?? 0) + 1);
    }
  }
  return counts;
}

function isOfType(event: WireEvent, pattern: string): boolean {
  return pattern.endsWith("*")
    ? event.type.startsWith(pattern.slice(0, -1))
    : event.type === pattern;
}
