import type { Delivery, EndpointRecord } from "../state/delivery.ts";
import { newId } from "../state/ids.ts";
import type { State } from "../state/state.ts";
import type { WireEvent } from "../state/wire.ts";
import type { SeededRandom } from "./random.ts";

/**
 * Records the deliveries of one burst, distorted as the settings say. The copies in one group go
 * out at the same time, the groups one after another.
 */
export function planBurst(
  state: State,
  events: readonly WireEvent[],
  random: SeededRandom,
): Delivery[][] {
  const { duplicates, dropRate, shuffle } = state.delivery;
  const groups: Delivery[][] = [];
  for (const event of events) {
    const endpoints = endpointsFor(state, event);
    event.pending_webhooks = endpoints.length;
    for (const endpoint of endpoints) {
      const copies = Array.from({ length: duplicates }, () => record(state, event, endpoint));
      const dropped = copies.filter(() => dropRate > 0 && random.next() < dropRate);
      for (const copy of dropped) {
        copy.status = "dropped";
      }
      groups.push(copies.filter(({ status }) => status === "pending"));
    }
  }
  return shuffle ? random.shuffled(groups) : groups;
}

/** Records one delivery of an event to every endpoint that is enabled for it, or to one of them. */
export function planResend(state: State, event: WireEvent, only?: string): Delivery[] {
  return endpointsFor(state, event)
    .filter(({ object }) => only === undefined || object.id === only)
    .map((endpoint) => record(state, event, endpoint));
}

/** Endpoints of other API versions get events in the sandbox's own, which each event names. */
function endpointsFor(state: State, event: WireEvent): EndpointRecord[] {
  return [...state.endpoints.values()].filter(({ object }) => {
    const { enabled_events: enabled, status } = object;
    const wanted = enabled.includes("*") || enabled.includes(event.type);
    return status === "enabled" && wanted;
  });
}

function record(state: State, event: WireEvent, endpoint: EndpointRecord): Delivery {
  const delivery: Delivery = {
    id: newId("del"),
    event: event.id,
    type: event.type,
    endpoint: endpoint.object.id,
    url: endpoint.object.url,
    status: "pending",
    attempts: [],
  };
  state.deliveries.set(delivery.id, delivery);
  return delivery;
}
