import { copyOf } from "./copy_of.ts";
import { EventLog } from "./event_log.ts";
import { emptyState, type State } from "./state.ts";

/** A copy that shares nothing with `state`. */
export function cloneState(state: State): State {
  const copy = emptyState();
  for (const [name, table] of Object.entries(copy)) {
    const original: unknown = state[name as keyof State];
    if (table instanceof EventLog) {
      for (const event of state.events.values()) {
        table.add(copyOf(event));
      }
      continue;
    }
    if (!(table instanceof Map) || !(original instanceof Map)) {
      Object.assign(table, copyOf(original));
      continue;
    }
    for (const [id, value] of original) {
      table.set(id, copyOf(value));
    }
  }
  return copy;
}
