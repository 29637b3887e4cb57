import { likelyAssumptions } from "./assumptions.ts";
import { FAITHFUL_DELIVERY } from "./delivery.ts";
import { usualDunning } from "./dunning_settings.ts";
import { EventLog } from "./event_log.ts";
import type { State } from "./state.ts";

/** Empties `state` in place, apart from the endpoints that the program configured. */
export function resetState(state: State): void {
  const configured = [...state.endpoints].filter(([, endpoint]) => endpoint.configured);
  for (const table of Object.values(state)) {
    if (table instanceof Map || table instanceof EventLog) {
      table.clear();
    }
  }
  state.clock.offsetMs = 0;
  Object.assign(state.delivery, FAITHFUL_DELIVERY);
  Object.assign(state.assumptions, likelyAssumptions());
  Object.assign(state.dunning, usualDunning());
  for (const [id, endpoint] of configured) {
    state.endpoints.set(id, endpoint);
  }
}
