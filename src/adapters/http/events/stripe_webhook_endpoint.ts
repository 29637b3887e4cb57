import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import type { DeliveredEvent } from "../../../application/events/handle_deliveries.ts";
import type { HandleStripeEventOutcome } from "../../../application/events/handle_stripe_event.ts";
import type { ReceiveStripeEvent } from "../../../application/events/receive_stripe_event.ts";
import { PortError } from "../../../application/ports/port_error.ts";
import type { EventOutcome, EventState } from "../../../domain/events/billing_event.ts";
import { type Endpoint, type EndpointOptions, endpoint, type SignedRequest } from "../endpoint.ts";
import { closed } from "../schema.ts";
import { badSignature } from "./webhook_guards.ts";

/** What handling a stored event needs. */
type Handling = Pick<EndpointOptions, "logger"> & Pick<Billing, "handleDeliveries">;

/**
 * Longest time that Stripe waits for the answer, in milliseconds; handling continues after that.
 */
const DEADLINE_MS = 8_000;

/**
 * `POST /webhook`: stores Stripe's events and has them handled, at once where nothing else waits.
 * The answer is 200 as soon as the event is stored, however its handling ends: that is ours to
 * repeat (P08). It waits for the handling only where that has begun, and nothing else is waiting.
 */
export function stripeWebhookEndpoint({
  billing: { receiveStripeEvent, handleDeliveries },
  webhookDeadlineMs: deadlineMs = DEADLINE_MS,
  logger,
}: EndpointOptions): Endpoint {
  return endpoint({
    method: "post",
    path: "/webhook",
    access: "signature",
    summary: "Stores Stripe's events, and handles them at once where that is quick",
    answer: closed({ received: Type.Literal(true) }),
    refusals: { 400: ["bad_signature"] },
    mayBeSigned: (signature) => receiveStripeEvent.mayBeGenuine(signature),
    async handle(request) {
      const received = await receive(receiveStripeEvent, {
        ...request,
        claims: handleDeliveries.hasRoom,
      });
      switch (received.type) {
        case "not_genuine":
          logger.warn({}, "Refused a delivery: no active secret signed it, or too long ago");
          return badSignature();
        case "stored":
          await handleWithinDeadline(received, { handleDeliveries, deadlineMs, logger });
          return { status: 200, body: { received: true as const } };
        default:
          return received satisfies never;
      }
    },
  });
}

async function receive(
  receiveStripeEvent: ReceiveStripeEvent,
  delivery: Pick<SignedRequest, "rawBody" | "signature"> & { claims: boolean },
) {
  try {
    return await receiveStripeEvent.execute(delivery);
  } catch (error) {
    throw error instanceof PortError
      ? new PortError("Cannot store the event", { transient: true, cause: error })
      : error;
  }
}

async function handleWithinDeadline(
  { state, ...event }: DeliveredEvent & { state: EventState },
  { handleDeliveries, deadlineMs, logger }: Handling & { deadlineMs: number },
): Promise<void> {
  const { eventId } = event;
  if (isFinished(state)) {
    logger.info({ eventId, state }, "Received an event again that is finished");
    return;
  }
  const isAtOnce = handleDeliveries.hasRoom;
  const crowded = handleDeliveries.crowded.then(() => "late" as const);
  const handled = handle(event, { handleDeliveries, logger });
  if (!isAtOnce) {
    logger.info({ eventId }, "Answered at once: the event waits for its turn");
    return;
  }
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<"late">((resolve) => {
    timer = setTimeout(resolve, deadlineMs, "late");
  });
  const first = await Promise.race([handled, deadline, crowded]);
  clearTimeout(timer);
  if (first === "late") {
    logger.warn({ eventId, deadlineMs }, "Answered before the event was handled");
  }
}

/** Never rejects: the outcome is logged, and the worker retries failures. */
async function handle(
  event: DeliveredEvent,
  { handleDeliveries, logger }: Handling,
): Promise<void> {
  const { eventId } = event;
  try {
    const ended = await handleDeliveries.execute(event);
    const { level, fields } = describeEnd(ended);
    logger[level]({ eventId, ...fields }, "Handled an event");
  } catch (error) {
    logger.error({ eventId, err: error }, "Cannot handle the event now; it stays due");
  }
}

function describeEnd(ended: HandleStripeEventOutcome): {
  level: "info" | "warn" | "error";
  fields: Record<string, unknown>;
} {
  switch (ended.type) {
    case "not_claimed":
      return { level: "info", fields: { ended: "left to whoever has it in hand" } };
    case "settled": {
      const { state } = ended.outcome;
      const reason = "reason" in ended.outcome ? ended.outcome.reason : undefined;
      return { level: levelOf(ended.outcome), fields: { ended: state, reason, err: ended.error } };
    }
    default:
      return ended satisfies never;
  }
}

function levelOf({ state }: EventOutcome): "info" | "warn" | "error" {
  switch (state) {
    case "done":
    case "ignored":
      return "info";
    case "unmatched":
    case "failed":
      return "warn";
    case "dead":
      return "error";
    default:
      return state satisfies never;
  }
}

/** Whether there is nothing left to do; everything else is run again (P05). */
function isFinished(state: EventState): boolean {
  switch (state) {
    case "done":
    case "ignored":
      return true;
    case "received":
    case "processing":
    case "unmatched":
    case "failed":
    case "dead":
      return false;
    default:
      return state satisfies never;
  }
}
