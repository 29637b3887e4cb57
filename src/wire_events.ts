import { CountEvents } from "./application/count_events.ts";
import type { EventUseCases } from "./application/event_use_cases.ts";
import type { GrantMonthlyTokens } from "./application/grant_monthly_tokens.ts";
import { HandleDueEvents } from "./application/handle_due_events.ts";
import { HandleStripeEvent } from "./application/handle_stripe_event.ts";
import { ListEvents } from "./application/list_events.ts";
import type { AccountStore } from "./application/ports/account_store.ts";
import type { CauseScope } from "./application/ports/cause_scope.ts";
import type { Clock } from "./application/ports/clock.ts";
import type { EventInbox } from "./application/ports/event_inbox.ts";
import type { PaymentGateway } from "./application/ports/payment_gateway.ts";
import type { TokenPackPayments } from "./application/ports/token_pack_payments.ts";
import type { WebhookVerifier } from "./application/ports/webhook_verifier.ts";
import { PurgeEvents } from "./application/purge_events.ts";
import { ReadEvent } from "./application/read_event.ts";
import { ReceiveStripeEvent } from "./application/receive_stripe_event.ts";
import type { RefreshEmailQuota } from "./application/refresh_email_quota.ts";
import { ReplayEvent } from "./application/replay_event.ts";
import type { SyncSubscription } from "./application/sync_subscription.ts";
import type { SyncTokenPacks } from "./application/sync_token_packs.ts";
import type { BillingSettings } from "./billing_settings.ts";

/** What the use cases of events are wired to. */
export interface EventDependencies {
  readonly verifier: WebhookVerifier;
  readonly inbox: EventInbox;
  readonly accounts: AccountStore;
  readonly payments: PaymentGateway;
  readonly packPayments: TokenPackPayments;
  readonly syncTokenPacks: SyncTokenPacks;
  readonly syncSubscription: SyncSubscription;
  readonly grantMonthlyTokens: GrantMonthlyTokens;
  readonly refreshEmailQuota: RefreshEmailQuota;
  readonly causes: CauseScope;
  readonly clock: Clock;
  readonly settings: BillingSettings;
}

/** Wires the use cases of events. */
export function wireEvents({ settings, ...dependencies }: EventDependencies): EventUseCases {
  const { livemode, eventRetry: retry, eventLeaseMs: leaseMs } = settings;
  const handleStripeEvent = new HandleStripeEvent(dependencies, { livemode, retry, leaseMs });
  const ports = { ...dependencies, handleStripeEvent };
  return {
    receiveStripeEvent: new ReceiveStripeEvent(ports),
    handleStripeEvent,
    handleDueEvents: new HandleDueEvents(ports, {
      firstAttemptMs: settings.eventFirstAttemptMs,
      concurrency: settings.workerConcurrency,
    }),
    listEvents: new ListEvents(ports),
    readEvent: new ReadEvent(ports),
    countEvents: new CountEvents(ports),
    replayEvent: new ReplayEvent(ports),
    purgeEvents: new PurgeEvents(ports, { retentionDays: settings.eventRetentionDays }),
  };
}
