import { newId } from "../state/ids.ts";
import type { Fault } from "../state/request_records.ts";
import type { State } from "../state/state.ts";
import { ControlError, flag, number, readBody, text } from "./json_body.ts";

const FIELDS = {
  route: text,
  status: number((n) => Number.isInteger(n) && n >= 400 && n <= 599, "an integer, 400 to 599"),
  timeoutMs: number((n) => n > 0 && n <= 120_000, "a number above 0 and at most 120000"),
  lockTimeout: flag,
  executed: flag,
  times: number((n) => Number.isInteger(n) && n >= 1 && n <= 10_000, "an integer, 1 to 10000"),
};

/**
 * Lets the next requests of a route fail as the body says; answers all faults to come.
 *
 * @param routes what can fail, such as `POST /v1/customers`
 * @throws {ControlError} where the route is unknown or not exactly one kind of failure is given
 */
export function addFault(state: State, routes: readonly string[], body: unknown): object {
  const { route, status, timeoutMs, lockTimeout, executed, times } = readBody(FIELDS, body);
  if (route === undefined || (route !== "*" && !routes.includes(route))) {
    throw new ControlError(`Bad "route": expected "*" or one of ${routes.join(", ")}`);
  }
  const kinds = [status !== undefined, timeoutMs !== undefined, lockTimeout === true];
  if (kinds.filter(Boolean).length !== 1) {
    throw new ControlError("Give exactly one of status, timeoutMs and lockTimeout");
  }
  const fault: Fault = {
    route,
    kind: lockTimeout ? "lock_timeout" : status === undefined ? "timeout" : "status",
    status: status ?? null,
    timeoutMs: timeoutMs ?? null,
    executed: executed ?? timeoutMs !== undefined,
    times: times ?? 1,
  };
  state.faults.set(newId("fault"), fault);
  return readFaults(state);
}

/** The faults to come, oldest first. */
export function readFaults(state: State): object {
  return { faults: [...state.faults.values()] };
}
