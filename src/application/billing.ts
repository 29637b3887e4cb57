import type { CheckReadiness } from "./check_readiness.ts";
import type { EmailQuotaUseCases } from "./email_quota_use_cases.ts";
import type { EventUseCases } from "./event_use_cases.ts";
import type { GrantMonthlyTokens } from "./grant_monthly_tokens.ts";
import type { OperationUseCases } from "./operation_use_cases.ts";
import type { PlanUseCases } from "./plan_use_cases.ts";
import type { ReadSubscription } from "./read_subscription.ts";
import type { SyncSubscription } from "./sync_subscription.ts";
import type { TokenUseCases } from "./token_use_cases.ts";

/** All that billing can do, wired and ready: what HTTP, the worker and other services call. */
export interface Billing
  extends EventUseCases,
    PlanUseCases,
    TokenUseCases,
    EmailQuotaUseCases,
    OperationUseCases {
  readonly readSubscription: ReadSubscription;
  readonly syncSubscription: SyncSubscription;
  readonly grantMonthlyTokens: GrantMonthlyTokens;
  readonly checkReadiness: CheckReadiness;
}
