import type { Delivery } from "../state/delivery.ts";
import type { State } from "../state/state.ts";

/**
 * How long events are kept, in seconds. Source: docs.stripe.com/api/events, "We retain events for
 * 30 days".
 */
const RETENTION_SECONDS = 30 * 86_400;

/**
 * Forgets events that are too old, and how they were delivered; the youngest some hundred are kept
 * however old they are, and so are those that are still on their way to an endpoint.
 */
export function forgetOldEvents(state: State, now: number): void {
  if (!state.events.forgetBefore(now - RETENTION_SECONDS, () => undelivered(state))) {
    return;
  }
  for (const [id, { event, status }] of state.deliveries) {
    if (isOnItsWay(status)) {
      continue;
    }
    if (state.events.get(event) !== undefined) {
      return;
    }
    state.deliveries.delete(id);
  }
}

function* undelivered({ deliveries }: State): Generator<string> {
  for (const { event, status } of deliveries.values()) {
    if (isOnItsWay(status)) {
      yield event;
    }
  }
}

function isOnItsWay(status: Delivery["status"]): boolean {
  return status === "pending" || status === "held";
}
