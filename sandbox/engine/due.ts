import type { State } from "../state/state.ts";
import type { WireSubscription } from "../state/wire.ts";
import { cancelNow } from "./cancellation.ts";
import { expireSession } from "./checkout.ts";
import { chargeInvoice, finalizeAndCharge } from "./collection.ts";
import { settleDelayedPayment } from "./one_time_payment.ts";
import { renewSubscription } from "./renewal.ts";
import { currentPeriodEnd, isLive, scheduledEnd } from "./subscriptions.ts";
import type { Transaction } from "./transaction.ts";
import { announceTrialEnd, trialReminderAt } from "./trials.ts";

/** Something that time brings about. */
interface DueMoment {
  /** Unix seconds. */
  at: number;
  happen: (tx: Transaction) => void;
}

/** The earliest instant in Unix seconds at which something falls due; undefined where nothing will. */
export function nextDueAt(state: State): number | undefined {
  let next: number | undefined;
  for (const { at } of dueMoments(state)) {
    next = next === undefined || at < next ? at : next;
  }
  return next;
}

/** When the next subscription renews, in Unix seconds; undefined where none will. */
export function nextRenewalAt(state: State): number | undefined {
  const renewals = [...state.subscriptions.values()]
    .filter((subscription) => isLive(subscription) && scheduledEnd(subscription) === null)
    .map(currentPeriodEnd);
  return renewals.length === 0 ? undefined : Math.min(...renewals);
}

/**
 * Lets everything happen that is due at `tx.now`, in the order in which it was created. Whether
 * something is due is looked at when its turn comes: what came before may have called it off.
 */
export function runDue(tx: Transaction): void {
  for (const { at, happen } of dueMoments(tx.state)) {
    if (at <= tx.now) {
      happen(tx);
    }
  }
}

function* dueMoments(state: State): Iterable<DueMoment> {
  for (const session of state.checkoutSessions.values()) {
    if (session.status === "open") {
      yield { at: session.expires_at, happen: (tx) => expireSession(tx, session) };
    }
  }
  for (const [id, { settlesAt }] of state.delayedPayments) {
    const session = state.checkoutSessions.get(id);
    if (session !== undefined) {
      yield { at: settlesAt, happen: (tx) => settleDelayedPayment(tx, session) };
    }
  }
  for (const subscription of state.subscriptions.values()) {
    if (isLive(subscription)) {
      const reminder = trialReminderAt(state, subscription);
      if (reminder !== null) {
        yield { at: reminder, happen: (tx) => announceTrialEnd(tx, subscription) };
      }
      yield subscriptionMoment(subscription);
    }
  }
  for (const invoice of state.invoices.values()) {
    if (invoice.status === "draft" && invoice.automatically_finalizes_at !== null) {
      const at = invoice.automatically_finalizes_at;
      yield { at, happen: (tx) => finalizeAndCharge(tx, invoice) };
    } else if (invoice.status === "open" && invoice.next_payment_attempt !== null) {
      yield { at: invoice.next_payment_attempt, happen: (tx) => chargeInvoice(tx, invoice) };
    }
  }
}

function subscriptionMoment(subscription: WireSubscription): DueMoment {
  const periodEnd = Math.min(...subscription.items.data.map((item) => item.current_period_end));
  const end = scheduledEnd(subscription);
  if (end !== null && end <= periodEnd) {
    return { at: end, happen: (tx) => cancelNow(tx, subscription, "cancellation_requested") };
  }
  return { at: periodEnd, happen: (tx) => renewSubscription(tx, subscription) };
}
