import type { CountEvents } from "./count_events.ts";
import type { HandleDueEvents } from "./handle_due_events.ts";
import type { HandleStripeEvent } from "./handle_stripe_event.ts";
import type { ListEvents } from "./list_events.ts";
import type { PurgeEvents } from "./purge_events.ts";
import type { ReadEvent } from "./read_event.ts";
import type { ReceiveStripeEvent } from "./receive_stripe_event.ts";
import type { ReplayEvent } from "./replay_event.ts";

/** What billing can do with the payment provider's events. */
export interface EventUseCases {
  readonly receiveStripeEvent: ReceiveStripeEvent;
  readonly handleStripeEvent: HandleStripeEvent;
  readonly handleDueEvents: HandleDueEvents;
  readonly listEvents: ListEvents;
  readonly readEvent: ReadEvent;
  readonly countEvents: CountEvents;
  readonly replayEvent: ReplayEvent;
  readonly purgeEvents: PurgeEvents;
}
