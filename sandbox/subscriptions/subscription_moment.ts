import { debitUnderWay } from "../engine/invoicing/invoice_payment.ts";
import { renewSubscription } from "../engine/renewal.ts";
import { isLive, scheduledEnd } from "../engine/subscriptions.ts";
import type { DueMoment } from "../engine/time/due_moment.ts";
import { announceTrialEnd, trialReminderAt } from "../engine/trials.ts";
import type { State } from "../state/state.ts";
import type { WireSubscription } from "../state/wire.ts";
import { endSubscription } from "./cancel.ts";
import { expireIncomplete, expirePendingUpdate, giveResumptionUp } from "./expiry.ts";
import { endCollectionPause } from "./pausing/collection_pause.ts";
import { DEADLINE_SECONDS } from "./standing.ts";

/** What a subscription waits for next; undefined where it waits for nothing. */
export function subscriptionMoment(
  state: State,
  subscription: WireSubscription,
): DueMoment | undefined {
  let next: DueMoment | undefined;
  for (const moment of momentsOf(state, subscription)) {
    if (next === undefined || moment.at < next.at) {
      next = moment;
    }
  }
  return next;
}

/** All that a subscription waits for; at one instant, what comes first happens first. */
function* momentsOf(state: State, subscription: WireSubscription): Iterable<DueMoment> {
  if (!isLive(subscription)) {
    return;
  }
  const debited = (invoice: string | null | undefined) => isDebited(state, invoice);
  if (subscription.status === "incomplete") {
    if (!debited(subscription.latest_invoice)) {
      const at = subscription.created + DEADLINE_SECONDS;
      yield { at, happen: (tx) => expireIncomplete(tx, subscription) };
    }
    return;
  }
  const reminder = trialReminderAt(state, subscription);
  if (reminder !== null) {
    yield { at: reminder, happen: (tx) => announceTrialEnd(tx, subscription) };
  }
  const { pause_collection: pause, pending_update: pending } = subscription;
  if (pause !== null && pause.resumes_at !== null) {
    yield { at: pause.resumes_at, happen: (tx) => endCollectionPause(tx, subscription) };
  }
  if (pending !== null && !debited(state.pendingUpdates.get(subscription.id)?.invoice)) {
    yield { at: pending.expires_at, happen: (tx) => expirePendingUpdate(tx, subscription) };
  }
  const resumption = state.resumptions.get(subscription.id);
  if (resumption !== undefined && !debited(resumption.invoice)) {
    yield { at: resumption.expiresAt, happen: (tx) => giveResumptionUp(tx, subscription) };
  }
  yield* cycleMoments(subscription);
}

function* cycleMoments(subscription: WireSubscription): Iterable<DueMoment> {
  const end = scheduledEnd(subscription);
  if (end !== null) {
    yield { at: end, happen: (tx) => endSubscription(tx, subscription) };
  }
  if (subscription.status !== "paused") {
    const at = Math.min(...subscription.items.data.map((item) => item.current_period_end));
    yield { at, happen: (tx) => renewSubscription(tx, subscription) };
  }
}

/** Whether a bank debit is under way for an invoice, so that no deadline ends it. */
function isDebited(state: State, id: string | null | undefined): boolean {
  const invoice = state.invoices.get(id ?? "");
  return invoice !== undefined && debitUnderWay(state, invoice) !== undefined;
}
