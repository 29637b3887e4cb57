import type { State } from "../state/state.ts";

/**
 * How long events are kept, in seconds. Source: docs.stripe.com/api/events, "We retain events for
 * 30 days".
 */
const RETENTION_SECONDS = 30 * 86_400;

/**
 * Forgets events that are too old, and how they were delivered; the youngest some hundred are kept
 * however old they are.
 */
export function forgetOldEvents(state: State, now: number): void {
  if (!state.events.forgetBefore(now - RETENTION_SECONDS)) {
    return;
  }
  for (const [id, { event }] of state.deliveries) {
    if (state.events.get(event) !== undefined) {
      return;
    }
    state.deliveries.delete(id);
  }
}
