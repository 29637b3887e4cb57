import type { ChangeCause } from "../../../domain/subscription/account_change.ts";

/** Knows the cause of the current work, however deep the call. */
export interface CauseScope {
  /** Runs work for a cause, which is the current one for everything that the work awaits. */
  run<T>(cause: ChangeCause, work: () => T): T;

  /** The cause of the current work; `service` if none was named. */
  current(): ChangeCause;
}
