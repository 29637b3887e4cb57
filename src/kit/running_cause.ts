import { AsyncLocalStorage } from "node:async_hooks";
import type { CauseScope } from "../application/ports/audit/cause_scope.ts";
import type { ChangeCause } from "../domain/subscription/account_change.ts";

const causes = new AsyncLocalStorage<ChangeCause>();

/** The cause of the work that is running in this process. */
export const runningCause: CauseScope = {
  run(cause, work) {
    return causes.run(cause, work);
  },
  current() {
    return causes.getStore() ?? { type: "service" };
  },
};
