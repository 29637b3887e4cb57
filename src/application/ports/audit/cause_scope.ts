import type { ChangeCause } from "../../../domain/subscription/account_change.ts";

/** Tells what the work that is running was begun for, however deep the call is. */
export interface CauseScope {
  /** Does some work for a cause; inside of it that is the current one, for all that it awaits. */
  run<T>(cause: ChangeCause, work: () => T): T;

  /** The cause of the work that is running; `service` where none was named. */
  current(): ChangeCause;
}
