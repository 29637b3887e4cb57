import { chargeInvoice } from "../engine/collection.ts";
import { finalizeInvoice } from "../engine/invoices.ts";
import { emit, emitChange, type Transaction } from "../engine/transaction.ts";
import type { WireInvoice, WireSubscription } from "../state/wire.ts";
import { applyChange, type SubscriptionChange } from "./subscription_change.ts";

/** What becomes of a change whose payment does not come at once. */
export type PaymentBehavior =
  | "allow_incomplete"
  | "default_incomplete"
  | "error_if_incomplete"
  | "pending_if_incomplete";

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
  finalizeInvoice(tx, invoice);
  if (behavior !== "default_incomplete" || invoice.amount_due === 0) {
    chargeInvoice(tx, invoice);
    return;
  }
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    changed.status = "past_due";
  });
}
