import type { WireInvoice, WireSubscription } from "../state/wire.ts";
import {
  applyPendingUpdate,
  dropPendingUpdate,
  isPendingUpdateOf,
} from "../subscriptions/pending_update.ts";
import {
  activate,
  expire,
  fallBehind,
  pauseSubscription,
  resumed,
  waitsForResumption,
} from "../subscriptions/standing.ts";
import { cancelNow } from "./cancellation.ts";
import { giveInvoiceUp } from "./invoicing/give_invoice_up.ts";
import { emitChange, type Transaction } from "./transaction.ts";

const DAY_SECONDS = 86_400;

/** When a declined invoice is tried again, in Unix seconds; null after the last attempt. */
export function nextAttemptAt(
  tx: Pick<Transaction, "now" | "state">,
  invoice: WireInvoice,
): number | null {
  const days = tx.state.dunning.retryDays[invoice.attempt_count - 1];
  const id = invoice.parent?.subscription_details?.subscription ?? "";
  const subscription = tx.state.subscriptions.get(id);
  if (days === undefined || (subscription && hasOwnDeadline(tx, invoice, subscription))) {
    return null;
  }
  return tx.now + days * DAY_SECONDS;
}

/**
 * What a declined invoice means for its subscription: past due, and after the last attempt what the
 * account's settings say. One that waits for this payment only goes on waiting.
 */
export function suspend(
  tx: Transaction,
  invoice: WireInvoice,
  subscription: WireSubscription,
): void {
  if (hasOwnDeadline(tx, invoice, subscription)) {
    return;
  }
  if (invoice.next_payment_attempt === null) {
    giveUp(tx, invoice, subscription);
    return;
  }
  fallBehind(tx, subscription);
}

/**
 * What an invoice that was paid, voided or given up means for its subscription: whatever waited for
 * it goes on, and one behind with its payments is active again once nothing recent is open.
 */
export function recover(
  tx: Transaction,
  invoice: WireInvoice,
  subscription: WireSubscription,
): void {
  if (isPendingUpdateOf(tx, invoice, subscription)) {
    if (invoice.status === "paid") {
      applyPendingUpdate(tx, subscription);
    } else {
      dropPendingUpdate(tx, subscription);
    }
    return;
  }
  const { status } = subscription;
  if (status === "incomplete" && subscription.latest_invoice === invoice.id) {
    if (invoice.status === "void") {
      expire(tx, subscription);
    } else {
      activate(tx, subscription);
    }
  } else if (waitsForResumption(tx.state, subscription, invoice)) {
    resumed(tx, subscription, invoice);
  } else if ((status === "past_due" || status === "unpaid") && !owes(tx, subscription)) {
    activate(tx, subscription);
  }
}

/** Whether a subscription's newest invoice that counts is still open. */
function owes({ state }: Transaction, subscription: WireSubscription): boolean {
  if (state.assumptions.reactivation === "latest") {
    const latest = state.invoices.get(subscription.latest_invoice ?? "");
    return latest?.status === "open" || latest?.status === "draft";
  }
  const finalized = state.invoices.of(subscription.id).filter(({ status }) => status !== "draft");
  return finalized.at(-1)?.status === "open";
}

/** Whether an invoice is not tried again, because what waits for it has a deadline of its own. */
function hasOwnDeadline(
  tx: Pick<Transaction, "state">,
  invoice: WireInvoice,
  subscription: WireSubscription,
): boolean {
  return (
    subscription.status === "incomplete" ||
    isPendingUpdateOf(tx, invoice, subscription) ||
    waitsForResumption(tx.state, subscription, invoice)
  );
}

function giveUp(tx: Transaction, invoice: WireInvoice, subscription: WireSubscription): void {
  const { dunning } = tx.state;
  switch (dunning.subscription) {
    case "cancel":
      cancelNow(tx, subscription, "payment_failed");
      break;
    case "unpaid":
      emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
        changed.status = "unpaid";
      });
      break;
    case "pause":
      pauseSubscription(tx, subscription, "final_payment_failure");
      break;
    case "past_due":
      fallBehind(tx, subscription);
      break;
    default:
      dunning.subscription satisfies never;
  }
  if (dunning.invoice === "uncollectible" && invoice.status === "open") {
    giveInvoiceUp(tx, invoice, "max_payment_attempts");
    recover(tx, invoice, subscription);
  }
}
