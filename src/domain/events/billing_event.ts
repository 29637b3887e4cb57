/** A Stripe event with a verified signature, reduced to what its handling depends on. */
export interface BillingEvent {
  /** Stripe's event id. */
  readonly id: string;
  readonly type: string;
  readonly createdAt: Date;
  readonly livemode: boolean;
  /** The connected account it belongs to; `null` for our own. */
  readonly connectedAccount: string | null;
  /** The customer its object belongs to; `null` if it names none. */
  readonly customerId: string | null;
  /** The signed body, JSON. Kept for operators; no state is read from it (P09). */
  readonly payload: string;
}

/** Refunds and disputes of any payment. Some of their objects name no customer. */
const REVERSAL_EVENT_TYPES = [
  "charge.dispute.closed",
  "charge.dispute.created",
  "charge.dispute.funds_reinstated",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.updated",
  "charge.refund.updated",
  "charge.refunded",
  "refund.created",
  "refund.failed",
  "refund.updated",
] as const;

/** Events that can change what a token pack is worth (P29). */
export const PACK_EVENT_TYPES = [
  ...REVERSAL_EVENT_TYPES,
  "checkout.session.async_payment_failed",
  "checkout.session.async_payment_succeeded",
  "checkout.session.completed",
] as const;

/** Events of payments that have begun or failed, which may change nothing on what they pay. */
export const ATTEMPT_EVENT_TYPES = [
  "payment_intent.payment_failed",
  "payment_intent.processing",
] as const;

/** Whether an event might concern a token pack. */
export function concernsPacks({ type }: BillingEvent): boolean {
  return (PACK_EVENT_TYPES as readonly string[]).includes(type);
}

/** Whether an event tells of a refund or a dispute (P29, P41). */
export function concernsReversals({ type }: Pick<BillingEvent, "type">): boolean {
  return (REVERSAL_EVENT_TYPES as readonly string[]).includes(type);
}

/**
 * Events after which a customer's state may differ; all others are ignored (P06). The webhook
 * endpoint subscribes to exactly these. Never add `invoice.created`: Stripe would wait for our
 * answer before finalising an invoice.
 */
export const HANDLED_EVENT_TYPES = [
  ...PACK_EVENT_TYPES,
  "checkout.session.expired",
  "customer.deleted",
  "customer.subscription.created",
  "customer.subscription.updated",
  "customer.subscription.deleted",
  "customer.subscription.paused",
  "customer.subscription.resumed",
  "customer.subscription.pending_update_applied",
  "customer.subscription.pending_update_expired",
  "customer.subscription.trial_will_end",
  "invoice.paid",
  "invoice.payment_failed",
  "invoice.payment_action_required",
  "invoice.finalization_failed",
  "invoice.voided",
  "invoice.marked_uncollectible",
  "payment_intent.processing",
] as const;

export type HandledEventType = (typeof HANDLED_EVENT_TYPES)[number];

/** Explains why we ignore an event, or returns `null` if we act on it (P06). */
export function ignoreReason(event: BillingEvent, livemode: boolean): string | null {
  if (!(HANDLED_EVENT_TYPES as readonly string[]).includes(event.type)) {
    return `type "${event.type}" is not handled`;
  }
  if (event.livemode !== livemode) {
    return event.livemode
      ? "a live event reached a test deployment"
      : "a test event reached a live deployment";
  }
  if (event.connectedAccount !== null) {
    return "it belongs to a connected account";
  }
  if (event.customerId === null && !concernsReversals(event)) {
    return "it names no customer";
  }
  return null;
}

/** The states of an event, in the order in which operators look for them. */
export const EVENT_STATES = [
  "dead",
  "failed",
  "unmatched",
  "received",
  "processing",
  "ignored",
  "done",
] as const;

/** The state of an event. `done`, `ignored` and `unmatched` are final; `dead` needs an operator. */
export type EventState = (typeof EVENT_STATES)[number];

/** How an attempt at an event ended. */
export type EventOutcome =
  | { readonly state: "done" }
  | { readonly state: "ignored"; readonly reason: string }
  | { readonly state: "unmatched"; readonly reason: string }
  | { readonly state: "failed"; readonly reason: string; readonly nextAttemptAt: Date }
  | { readonly state: "dead"; readonly reason: string };

/** When and how often failed events are retried (P08). */
export interface RetryPolicy {
  /** The event is dead after this many attempts. */
  readonly eventMaxAttempts: number;
  /** Wait after the first failure, in milliseconds. Doubles with every further failure. */
  readonly eventRetryBaseMs: number;
  /** Longest wait, in milliseconds. */
  readonly eventRetryMaxMs: number;
}

/**
 * Decides whether a failed event is retried, and when (P08).
 *
 * @param random a number in [0, 1) that spreads the retries of many events
 */
export function failedOutcome(
  {
    attempts,
    reason,
    now,
    random,
  }: { attempts: number; reason: string; now: Date; random: number },
  policy: RetryPolicy,
): EventOutcome {
  if (attempts >= policy.eventMaxAttempts) {
    return { state: "dead", reason };
  }
  const { eventRetryBaseMs: baseMs, eventRetryMaxMs: maxMs } = policy;
  const delayMs = Math.min(maxMs, baseMs * 2 ** (attempts - 1));
  const jitteredMs = Math.ceil(delayMs * (0.5 + random / 2));
  return { state: "failed", reason, nextAttemptAt: new Date(now.getTime() + jitteredMs) };
}
