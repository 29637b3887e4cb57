import type { CheckReadiness } from "./check_readiness.ts";
import type { CountEvents } from "./count_events.ts";
import type { EmailQuotaUseCases } from "./email_quota_use_cases.ts";
import type { GrantMonthlyTokens } from "./grant_monthly_tokens.ts";
import type { HandleDueEvents } from "./handle_due_events.ts";
import type { HandleStripeEvent } from "./handle_stripe_event.ts";
import type { ListEvents } from "./list_events.ts";
import type { OperationUseCases } from "./operation_use_cases.ts";
import type { PlanUseCases } from "./plan_use_cases.ts";
import type { PurgeEvents } from "./purge_events.ts";
import type { ReadEvent } from "./read_event.ts";
import type { ReadSubscription } from "./read_subscription.ts";
import type { ReceiveStripeEvent } from "./receive_stripe_event.ts";
import type { ReplayEvent } from "./replay_event.ts";
import type { SyncSubscription } from "./sync_subscription.ts";
import type { TokenUseCases } from "./token_use_cases.ts";

/** All that billing can do, wired and ready: what HTTP, the worker and other services call. */
export interface Billing
  extends PlanUseCases,
    TokenUseCases,
    EmailQuotaUseCases,
    OperationUseCases {
  readonly readSubscription: ReadSubscription;
  readonly receiveStripeEvent: ReceiveStripeEvent;
  readonly handleStripeEvent: HandleStripeEvent;
  readonly handleDueEvents: HandleDueEvents;
  readonly listEvents: ListEvents;
  readonly readEvent: ReadEvent;
  readonly countEvents: CountEvents;
  readonly replayEvent: ReplayEvent;
  readonly purgeEvents: PurgeEvents;
  readonly syncSubscription: SyncSubscription;
  readonly grantMonthlyTokens: GrantMonthlyTokens;
  readonly checkReadiness: CheckReadiness;
}
