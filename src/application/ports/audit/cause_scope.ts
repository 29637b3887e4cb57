import type { ChangeCause } from "../../../domain/subscription/account_change.ts";

/** Carries the cause of the current work through every call and `await`. */
export interface CauseScope {
  /** Runs work for a cause, which stays the current one for everything that the work awaits. */
  run<T>(cause: ChangeCause, work: () => T): T;

  /** Returns the cause of the current work; `service` if none was set. */
  current(): ChangeCause;
}
