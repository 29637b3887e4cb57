import type { AccountUseCases } from "./account_use_cases.ts";
import type { EmailQuotaUseCases } from "./email_quota_use_cases.ts";
import type { EventUseCases } from "./event_use_cases.ts";
import type { PlanUseCases } from "./plan_use_cases.ts";
import type { CauseScope } from "./ports/audit/cause_scope.ts";
import type { Reconcile } from "./reconciliation/reconcile.ts";
import type { TokenUseCases } from "./token_use_cases.ts";

/** All that billing can do, wired and ready: what HTTP, the worker and other services call. */
export interface Billing
  extends AccountUseCases,
    EventUseCases,
    PlanUseCases,
    TokenUseCases,
    EmailQuotaUseCases {
  readonly reconcile: Reconcile;
  /** Says for what work is done, so that the audit trail can tell (P38). */
  readonly causes: CauseScope;
}
