import type { State } from "./state.ts";

/** An object of Stripe's API. */
export interface ApiObject {
  id: string;
  object: string;
}

/** The object with this id, whatever it is; a deleted customer as Stripe still shows it. */
export function findObject(state: State, id: string): object | undefined {
  if (state.deletedCustomers.has(id)) {
    return { id, object: "customer", deleted: true };
  }
  for (const table of Object.values(state)) {
    const found: unknown = table instanceof Map ? table.get(id) : undefined;
    if (isApiObject(found) && found.id === id) {
      return found;
    }
  }
  return undefined;
}

function isApiObject(value: unknown): value is ApiObject {
  return (
    typeof value === "object" &&
    value !== null &&
    "object" in value &&
    typeof value.object === "string" &&
    "id" in value &&
    typeof value.id === "string"
  );
}
