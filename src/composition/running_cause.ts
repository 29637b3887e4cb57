import type { CauseScope } from "../application/ports/audit/cause_scope.ts";
import type { ChangeCause } from "../domain/subscription/account_change.ts";
import { createAsyncScope } from "../kit/async_scope.ts";

/** What the work that is running in this process was begun for (P38). */
export const runningCause: CauseScope = createAsyncScope<ChangeCause>({ type: "service" });
