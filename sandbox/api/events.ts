import type { Stripe } from "stripe";
import { invalidRequest, resourceMissing } from "../engine/request_error.ts";
import type { Transaction } from "../engine/transaction.ts";
import type { Delivery } from "../state/delivery.ts";
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
      return asItStands(tx, event);
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
      const found = newestFirst(
        tx.state.events,
        (event) =>
          wanted.some((pattern) => isOfType(event, pattern)) &&
          inRange(event.created, params.created) &&
          (params.delivery_success === undefined ||
            params.delivery_success === (undelivered(tx.state, event) === 0)),
      );
      const { data, ...rest } = page("/v1/events", found, params);
      return { ...rest, data: data.map((event) => asItStands(tx, event)) };
    },
  }),
];

/** An event with the number of endpoints that have not taken it yet. */
function asItStands({ state }: Transaction, event: WireEvent): WireEvent {
  return { ...event, pending_webhooks: undelivered(state, event) };
}

function undelivered(state: State, { id }: WireEvent): number {
  const deliveries = state.deliveries.of(id);
  const taken = deliveries.filter(({ status }) => status === "delivered");
  const endpoints = (some: readonly Delivery[]) => new Set(some.map(({ endpoint }) => endpoint));
  return endpoints(deliveries).size - endpoints(taken).size;
}

function isOfType(event: WireEvent, pattern: string): boolean {
  return pattern.endsWith("*")
    ? event.type.startsWith(pattern.slice(0, -1))
    : event.type === pattern;
}
