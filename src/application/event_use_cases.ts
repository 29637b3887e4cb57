import type { CountEvents } from "./events/count_events.ts";
import type { HandleDueEvents } from "./events/handle_due_events.ts";
import type { HandleStripeEvent } from "./events/handle_stripe_event.ts";
import type { ListEvents } from "./events/list_events.ts";
import type { PurgeEvents } from "./events/purge_events.ts";
import type { ReadEvent } from "./events/read_event.ts";
import type { ReceiveStripeEvent } from "./events/receive_stripe_event.ts";
import type { ReplayEvent } from "./events/replay_event.ts";

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
