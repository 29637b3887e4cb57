import type { Stripe } from "stripe";
import { resourceMissing } from "../../engine/request_error.ts";
import { createTestClock, deleteTestClock, startAdvancing } from "../../engine/time/test_clocks.ts";
import type { Transaction } from "../../engine/transaction.ts";
import { copyOf } from "../../state/copy_of.ts";
import type { WireTestClock } from "../../state/wire.ts";
import { newestFirst, PAGE, page } from "../listing.ts";
import { integer, required, type ShapeOf, upTo } from "../params.ts";
import { type Route, route } from "../route.ts";

const PATH = "/v1/test_helpers/test_clocks";
const TYPE = "test_helpers.test_clock";

export const testClockRoutes: Route[] = [
  route("POST", PATH, {
    params: {
      frozen_time: required(integer),
      name: upTo(300),
    } satisfies ShapeOf<Stripe.TestHelpers.TestClockCreateParams>,
    returns: TYPE,
    handle: ({ tx, params }) =>
      createTestClock(tx, { frozenTime: params.frozen_time, name: params.name ?? null }),
  }),
  route("GET", `${PATH}/:id`, {
    params: {},
    returns: TYPE,
    handle: ({ tx, id }) => testClockOf(tx, id),
  }),
  route("POST", `${PATH}/:id/advance`, {
    params: {
      frozen_time: required(integer),
    } satisfies ShapeOf<Stripe.TestHelpers.TestClockAdvanceParams>,
    returns: TYPE,
    handle: ({ tx, id, params }) => {
      const clock = testClockOf(tx, id);
      startAdvancing(tx, clock, params.frozen_time);
      return copyOf(clock);
    },
  }),
  route("DELETE", `${PATH}/:id`, {
    params: {},
    returns: "deleted",
    handle: ({ tx, id }) => {
      deleteTestClock(tx, testClockOf(tx, id));
      return { id, object: TYPE, deleted: true };
    },
  }),
  route("GET", PATH, {
    params: PAGE,
    returns: `list:${TYPE}`,
    handle: ({ tx, params }) =>
      page(
        PATH,
        newestFirst(tx.state.testClocks, () => true),
        params,
      ),
  }),
];

function testClockOf(tx: Transaction, id: string): WireTestClock {
  const clock = tx.state.testClocks.get(id);
  if (clock === undefined) {
    throw resourceMissing("test clock", id);
  }
  return clock;
}
