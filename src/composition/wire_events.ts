import type { AccountUseCases } from "../application/account_use_cases.ts";
import type { EmailQuotaUseCases } from "../application/email_quota_use_cases.ts";
import type { EventUseCases } from "../application/event_use_cases.ts";
import { CountEvents } from "../application/events/count_events.ts";
import { HandleDueEvents } from "../application/events/handle_due_events.ts";
import { HandleStripeEvent } from "../application/events/handle_stripe_event.ts";
import { ListEvents } from "../application/events/list_events.ts";
import { PurgeEvents } from "../application/events/purge_events.ts";
import { ReadEvent } from "../application/events/read_event.ts";
import { ReceiveStripeEvent } from "../application/events/receive_stripe_event.ts";
import { ReplayEvent } from "../application/events/replay_event.ts";
import type { BillingPorts } from "./billing_ports.ts";

/** What the use cases of events are wired to. */
export type EventDependencies = BillingPorts &
  Pick<AccountUseCases, "syncSubscription" | "syncTokenPacks" | "grantMonthlyTokens"> &
  Pick<EmailQuotaUseCases, "refreshEmailQuota">;

/** Wires the use cases of events. */
export function wireEvents(dependencies: EventDependencies): EventUseCases {
  const { settings } = dependencies;
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
