import type { WireInvoice, WireSubscription } from "../state/wire.ts";
import { cancelNow } from "./cancellation.ts";
import { emitChange, type Transaction } from "./transaction.ts";

/** Days between a declined attempt and the next; after the last one the subscription ends. */
const RETRY_DAYS = [3, 5, 7];
const DAY_SECONDS = 86_400;

/** When a declined invoice is tried again, in Unix seconds; null after the last attempt. */
export function nextAttemptAt(tx: Pick<Transaction, "now">, invoice: WireInvoice): number | null {
  const days = RETRY_DAYS[invoice.attempt_count - 1];
  return days === undefined ? null : tx.now + days * DAY_SECONDS;
}

/** What a declined invoice means for its subscription: past due, and canceled in the end. */
export function suspend(
  tx: Transaction,
  invoice: WireInvoice,
  subscription: WireSubscription,
): void {
  if (invoice.next_payment_attempt === null) {
    cancelNow(tx, subscription, "payment_failed");
    return;
  }
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    changed.status = "past_due";
  });
}

/** What a paid invoice means for its subscription: the latest one makes it active again. */
export function recover(
  tx: Transaction,
  invoice: WireInvoice,
  subscription: WireSubscription,
): void {
  if (subscription.status === "past_due" && subscription.latest_invoice === invoice.id) {
    emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
      changed.status = "active";
    });
  }
}
