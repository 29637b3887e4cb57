import { ASSUMPTIONS, type Assumptions } from "../state/assumptions.ts";
import type { State } from "../state/state.ts";
import { ControlError, type Field, readBody } from "./json_body.ts";

/** How the sandbox plays what is not known of Stripe. */
export function readAssumptions(state: State): Assumptions {
  return { ...state.assumptions };
}

/**
 * Plays the named assumptions in another way; answers all of them.
 * @throws {ControlError} where an assumption or a way is unknown
 */
export function assume(state: State, body: unknown): Assumptions {
  const fields = Object.fromEntries(
    Object.entries(ASSUMPTIONS).map(([name, ways]) => [name, oneWayOf(ways)]),
  );
  const wanted = Object.entries(readBody(fields, body)).filter(([, way]) => way !== undefined);
  Object.assign(state.assumptions, Object.fromEntries(wanted));
  return readAssumptions(state);
}

function oneWayOf(ways: readonly string[]): Field<string | undefined> {
  return (value, name) => {
    const way = ways.find((candidate) => candidate === value);
    if (value !== undefined && way === undefined) {
      throw new ControlError(`Bad "${name}": expected one of ${ways.join(", ")}`);
    }
    return way;
  };
}
