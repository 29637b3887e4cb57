/** A Stripe event whose signature was checked, reduced to what decides its handling. */
export interface BillingEvent {
  /** Stripe's event id. */
  readonly id: string;
  readonly type: string;
  readonly createdAt: Date;
  readonly livemode: boolean;
  /** Connected account it belongs to; `null` for our own. */
  readonly connectedAccount: string | null;
  /** Customer its object belongs to; `null` when it names none. */
  readonly customerId: string | null;
  /** The body as it was signed, JSON. Kept for operators; no state is read from it (P09). */
  readonly payload: string;
}

/** Events after which a token pack may be worth more or fewer tokens (P29). */
export const PACK_EVENT_TYPES = [
  "charge.dispute.closed",
  "charge.dispute.created",
  "charge.dispute.funds_reinstated",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.updated",
  "charge.refund.updated",
  "charge.refunded",
  "checkout.session.async_payment_failed",
  "checkout.session.async_payment_succeeded",
  "checkout.session.completed",
  "refund.created",
  "refund.failed",
  "refund.updated",
] as const;

/** Those whose object names no customer, only the payment that has one. */
const PAYMENT_EVENT_TYPES: readonly string[] = PACK_EVENT_TYPES.filter(
  (type) => !type.startsWith("checkout."),
);

/** Whether an event is about a token pack, perhaps. */
export function concernsPacks({ type }: BillingEvent): boolean {
  return (PACK_EVENT_TYPES as readonly string[]).includes(type);
}

/** Whether an event is about a payment alone: no subscription changes by it. */
export function concernsPaymentOnly({ type }: BillingEvent): boolean {
  return PAYMENT_EVENT_TYPES.includes(type);
}

/**
 * Events after which the customer's state may differ. Everything else is ignored (P06). The webhook
 * endpoint asks for exactly these. `invoice.created` must never be among them: Stripe waits for the
 * endpoint's answer before it finalises an invoice.
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
] as const;

/** A type of events that are handled. */
export type HandledEventType = (typeof HANDLED_EVENT_TYPES)[number];

/** Why an event is not ours to act on, or `null` when it may be (P06). */
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
  if (event.customerId === null && !concernsPaymentOnly(event)) {
    return "it names no customer";
  }
  return null;
}

/** Where an event can stand, in the order in which an operator asks. */
export const EVENT_STATES = [
  "dead",
  "failed",
  "unmatched",
  "received",
  "processing",
  "ignored",
  "done",
] as const;

/** Where an event stands. `done`, `ignored` and `unmatched` end well, `dead` needs an operator. */
export type EventState = (typeof EVENT_STATES)[number];

/** How the handling of an event ended. */
export type EventOutcome =
  | { readonly state: "done" }
  | { readonly state: "ignored"; readonly reason: string }
  | { readonly state: "unmatched"; readonly reason: string }
  | { readonly state: "failed"; readonly reason: string; readonly nextAttemptAt: Date }
  | { readonly state: "dead"; readonly reason: string };

/** When and how often failed events are run again (P08). */
export interface RetryPolicy {
  /** Attempts after which an event is dead. */
  readonly eventMaxAttempts: number;
  /** Wait after the first failure; doubles with each further one. Milliseconds. */
  readonly eventRetryBaseMs: number;
  /** Longest wait. Milliseconds. */
  readonly eventRetryMaxMs: number;
}

/**
 * What becomes of an event whose attempt number `attempts` failed (P08).
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
