import { setTimeout } from "node:timers/promises";
import { RequestError } from "../engine/request_error.ts";
import type { Fault } from "../state/request_records.ts";
import type { State } from "../state/state.ts";
import type { Route } from "./route.ts";

/** Takes the fault that the next request of a route shall meet; undefined where there is none. */
export function takeFault(state: State, { method, path }: Route): Fault | undefined {
  const name = `${method} ${path}`;
  const found = [...state.faults].find(([, fault]) => [name, "*"].includes(fault.route));
  if (found === undefined) {
    return undefined;
  }
  const [id, fault] = found;
  fault.times -= 1;
  if (fault.times <= 0) {
    state.faults.delete(id);
  }
  return fault;
}

/** The refusal that a fault answers with; undefined where it only delays the answer. */
export function failureOf({ kind, status }: Fault): RequestError | undefined {
  switch (kind) {
    case "lock_timeout":
      return new RequestError(
        "This object cannot be accessed right now because another API request or Stripe process " +
          "is currently accessing it. Try again later.",
        { status: 429, type: "invalid_request_error", code: "lock_timeout" },
      );
    case "status":
      return status === 429
        ? new RequestError("Request rate limit exceeded.", {
            status,
            type: "invalid_request_error",
            code: "rate_limit",
          })
        : new RequestError("An error occurred, as the sandbox was told to answer.", {
            status: status ?? 500,
            type: (status ?? 500) < 500 ? "invalid_request_error" : "api_error",
          });
    case "timeout":
      return undefined;
    default:
      return kind satisfies never;
  }
}

/** Whether Stripe keeps a fault's answer under the request's idempotency key (P22). */
export function isKept({ kind, status }: Fault): boolean {
  return kind === "lock_timeout" || (kind === "status" && (status ?? 500) >= 500);
}

/** Waits as long as a fault holds the answer back. */
export async function holdBack(fault: Fault | undefined): Promise<void> {
  if (fault?.kind === "timeout") {
    await setTimeout(fault.timeoutMs ?? 0, undefined, { ref: false });
  }
}
