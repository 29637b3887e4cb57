import type { BillingPorts } from "../ports/billing_ports.ts";
import type { SynchronizationUseCases } from "../synchronization/use_cases.ts";
import { CountEvents } from "./count_events.ts";
import { HandleDeliveries } from "./handle_deliveries.ts";
import { HandleDueEvents } from "./handle_due_events.ts";
import { HandleStripeEvent, type HandleStripeEventSettings } from "./handle_stripe_event.ts";
import { ListEvents } from "./list_events.ts";
import { LookPace } from "./look_pace.ts";
import { PurgeEvents } from "./purge_events.ts";
import { ReadEvent } from "./read_event.ts";
import { ReceiveStripeEvent } from "./receive_stripe_event.ts";
import { ReplayEvent } from "./replay_event.ts";

/** The use cases that receive, handle and show the payment provider's events. */
export function eventUseCases(
  dependencies: BillingPorts & Pick<SynchronizationUseCases, "synchronizeTenant">,
  settings: HandleStripeEventSettings & {
    eventFirstAttemptSeconds: number;
    eventRequestsPerSecond: number;
    workerConcurrency: number;
    eventRetentionDays: number;
  },
) {
  const handleStripeEvent = new HandleStripeEvent(dependencies, settings);
  const pace = new LookPace(settings);
  const handleDeliveries = new HandleDeliveries({ handleStripeEvent, pace }, settings);
  const handling = { ...dependencies, handleStripeEvent, handleDeliveries };
  return {
    receiveStripeEvent: new ReceiveStripeEvent(dependencies, settings),
    handleStripeEvent,
    handleDeliveries,
    handleDueEvents: new HandleDueEvents(handling, settings),
    listEvents: new ListEvents(dependencies),
    readEvent: new ReadEvent(dependencies),
    countEvents: new CountEvents(dependencies),
    replayEvent: new ReplayEvent(handling),
    purgeEvents: new PurgeEvents(dependencies, settings),
  };
}
