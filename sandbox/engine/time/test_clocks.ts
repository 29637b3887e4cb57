import { newId } from "../../state/ids.ts";
import type { State } from "../../state/state.ts";
import type { WireTestClock } from "../../state/wire.ts";
import { recurrenceOf } from "../../subscriptions/subscription_item.ts";
import { periodBoundary } from "../billing_period.ts";
import { deleteCustomer } from "../customers.ts";
import { invalidRequest } from "../request_error.ts";
import { isLive } from "../subscriptions.ts";
import { emit, type Transaction } from "../transaction.ts";

const KEPT_SECONDS = 30 * 86_400;
const MOST_CUSTOMERS = 3;
const MOST_INTERVALS = 2;
const YEAR = { interval: "year", interval_count: 1 } as const;

/** Makes a test clock; emits `test_helpers.test_clock.created`. */
export function createTestClock(
  tx: Transaction,
  { frozenTime, name }: { frozenTime: number; name: string | null },
): WireTestClock {
  const clock: WireTestClock = {
    id: newId("clock"),
    object: "test_helpers.test_clock",
    created: tx.now,
    deletes_after: tx.now + KEPT_SECONDS,
    frozen_time: frozenTime,
    livemode: false,
    name,
    status: "ready",
    status_details: {},
  };
  tx.state.testClocks.set(clock.id, clock);
  emit(tx, "test_helpers.test_clock.created", clock);
  return clock;
}

/**
 * Sets a clock going; emits `test_helpers.test_clock.advancing`. It arrives once this change is
 * done, with `test_helpers.test_clock.ready` after all that happens on the way.
 * @throws {RequestError} where the time lies behind, or more than two billing intervals ahead
 */
export function startAdvancing(tx: Transaction, clock: WireTestClock, to: number): void {
  if (to <= clock.frozen_time) {
    throw invalidRequest(
      "The time that a test clock is advanced to must lie after its `frozen_time`.",
      "frozen_time",
    );
  }
  if (to > furthest(tx.state, clock)) {
    throw invalidRequest(
      `You can only advance a test clock by at most ${MOST_INTERVALS} intervals of its shortest ` +
        "subscription at a time, or by two years where it has none.",
      "frozen_time",
    );
  }
  clock.status = "advancing";
  clock.status_details = { advancing: { target_frozen_time: to } };
  emit(tx, "test_helpers.test_clock.advancing", clock);
}

/** Lets a clock arrive; emits `test_helpers.test_clock.ready`. */
export function finishAdvancing(tx: Transaction, clock: WireTestClock): void {
  clock.frozen_time = tx.now;
  clock.status = "ready";
  clock.status_details = {};
  emit(tx, "test_helpers.test_clock.ready", clock);
}

/** Deletes a clock with its customers; emits their events, then `test_helpers.test_clock.deleted`. */
export function deleteTestClock(tx: Transaction, clock: WireTestClock): void {
  for (const customer of customersOf(tx.state, clock.id)) {
    deleteCustomer(tx, customer);
  }
  tx.state.testClocks.delete(clock.id);
  emit(tx, "test_helpers.test_clock.deleted", clock);
}

/**
 * Checks that a clock can take one more customer.
 * @throws {RequestError} where there is no such clock, or it has as many as it can
 */
export function checkRoom(state: State, clock: string): void {
  if (!state.testClocks.has(clock)) {
    throw invalidRequest(`No such test clock: '${clock}'`, "test_clock", "resource_missing");
  }
  if (customersOf(state, clock).length >= MOST_CUSTOMERS) {
    throw invalidRequest(
      `You can only have ${MOST_CUSTOMERS} customers for a given test clock.`,
      "test_clock",
    );
  }
}

/** The furthest time in Unix seconds that a clock can be advanced to now. */
function furthest(state: State, clock: WireTestClock): number {
  const items = customersOf(state, clock.id).flatMap(({ id }) =>
    state.subscriptions
      .of(id)
      .filter(isLive)
      .flatMap((subscription) => subscription.items.data),
  );
  const rhythms = items.length === 0 ? [YEAR] : items.map(({ price }) => recurrenceOf(price));
  return Math.min(
    ...rhythms.map((rhythm) => periodBoundary(clock.frozen_time, rhythm, MOST_INTERVALS)),
  );
}

function customersOf(state: State, clock: string) {
  return [...state.customers.values()].filter(({ test_clock: own }) => own === clock);
}
