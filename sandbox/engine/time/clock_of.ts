import { findObject } from "../../state/find_object.ts";
import type { State } from "../../state/state.ts";
import type { WireTestClock } from "../../state/wire.ts";

/** The fields by which an object leads to its customer. */
const WAYS = ["customer", "subscription", "invoice", "charge", "payment_intent"] as const;
const MOST_STEPS = 4;

/**
 * The test clock in whose time the object with this id lives; undefined for the sandbox's own time.
 * Source: docs.stripe.com/billing/testing/test-clocks: a clock moves its customers and all of theirs.
 */
export function clockOf(state: State, id: string, steps = MOST_STEPS): WireTestClock | undefined {
  if (state.testClocks.size === 0 || steps === 0) {
    return undefined;
  }
  const clock = state.testClocks.get(id) ?? state.testClocks.get(clockNamedBy(state, id));
  if (clock !== undefined) {
    return clock;
  }
  const fields = new Map<string, unknown>(
    Object.entries(findObject(state, id) ?? ownerOfItem(state, id)),
  );
  for (const way of WAYS) {
    const next = fields.get(way);
    const found = typeof next === "string" ? clockOf(state, next, steps - 1) : undefined;
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function clockNamedBy(state: State, id: string): string {
  return state.customers.get(id)?.test_clock ?? "";
}

/** Subscription items stand in no table of their own. */
function ownerOfItem(state: State, id: string): object {
  if (!id.startsWith("si_")) {
    return {};
  }
  const owner = [...state.subscriptions.values()].find(({ items }) =>
    items.data.some((item) => item.id === id),
  );
  return { subscription: owner?.id };
}
