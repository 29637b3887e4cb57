import { chargeInvoice } from "../engine/collection.ts";
import { finalizeInvoice } from "../engine/invoices.ts";
import { outcomeOf } from "../engine/paying/outcome.ts";
import { asideOf, copySubscription } from "../engine/preview.ts";
import { emit, emitChange, type Transaction } from "../engine/transaction.ts";
import { defaultMethodOf } from "../engine/wallet/default_method.ts";
import type { WireInvoice, WireSubscription } from "../state/wire.ts";
import { keepPendingUpdate } from "./keep_pending_update.ts";
import { closePausedInvoice } from "./pausing/collection_pause.ts";
import { declined } from "./payment_refusals.ts";
import { applyChange, type SubscriptionChange } from "./subscription_change.ts";
import { endUnpaidTrial, unpaidTrialEnd } from "./unpaid_trial.ts";

/** What becomes of a change whose payment does not come at once. */
export type PaymentBehavior =
  | "allow_incomplete"
  | "default_incomplete"
  | "error_if_incomplete"
  | "pending_if_incomplete";

const DRAFT_SECONDS = 3600;

/**
 * Changes what a subscription bills and collects what that costs now. Emits
 * `customer.subscription.updated` and the burst of the invoice.
 * @throws {RequestError} where the subscription cannot be changed so, or not without a payment
 */
export function changeSubscription(
  tx: Transaction,
  subscription: WireSubscription,
  change: SubscriptionChange,
  behavior: PaymentBehavior = "allow_incomplete",
): void {
  const unpaid = change.trialEnd === "now" ? unpaidTrialEnd(tx, subscription) : undefined;
  if (unpaid !== undefined) {
    applyChange(tx, subscription, { ...change, trialEnd: null, resetAnchor: false });
    endUnpaidTrial(tx, subscription, unpaid);
    return;
  }
  if (behavior === "error_if_incomplete" || behavior === "pending_if_incomplete") {
    const rehearsed = rehearse(tx, subscription, change);
    if (rehearsed.invoice !== undefined && !paysAtOnce(tx, subscription, rehearsed.invoice)) {
      if (behavior === "error_if_incomplete") {
        throw declined();
      }
      keepPendingUpdate(tx, subscription, rehearsed.changed, rehearsed.invoice);
      return;
    }
  }
  const invoice = applyChange(tx, subscription, change);
  if (invoice !== undefined) {
    collectChange(tx, subscription, invoice, behavior);
  }
}

function collectChange(
  tx: Transaction,
  subscription: WireSubscription,
  invoice: WireInvoice,
  behavior: PaymentBehavior,
): void {
  emit(tx, "invoice.created", invoice);
  if (closePausedInvoice(tx, subscription, invoice)) {
    return;
  }
  if (subscription.collection_method === "send_invoice") {
    invoice.automatically_finalizes_at = tx.now + DRAFT_SECONDS;
    return;
  }
  finalizeInvoice(tx, invoice);
  if (behavior !== "default_incomplete" || invoice.amount_due === 0) {
    chargeInvoice(tx, invoice);
    return;
  }
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    changed.status = "past_due";
  });
}

/** What a change would make, done to copies. */
function rehearse(tx: Transaction, subscription: WireSubscription, change: SubscriptionChange) {
  const aside = asideOf(tx, subscription.customer);
  const changed = copySubscription(tx, aside, subscription);
  return { changed, invoice: applyChange(aside, changed, change) };
}

function paysAtOnce(
  tx: Transaction,
  subscription: WireSubscription,
  invoice: WireInvoice,
): boolean {
  const method = defaultMethodOf(tx.state, subscription);
  return (
    invoice.amount_due === 0 || outcomeOf(tx.state, method, "off_session").kind === "succeeded"
  );
}
