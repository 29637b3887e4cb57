import { finalizeInvoice, stopCollection } from "../../engine/invoices.ts";
import { markUncollectible, voidInvoice } from "../../engine/invoicing/close_invoice.ts";
import { emitChange, type Transaction } from "../../engine/transaction.ts";
import type { WireInvoice, WireSubscription } from "../../state/wire.ts";

/**
 * What becomes of a draft that was just written while a subscription's collection is paused: it
 * stays a draft, or is voided or given up at once without the customer's balance
 * (billing/subscriptions/pause-payment). Answers whether collection is paused.
 */
export function closePausedInvoice(
  tx: Transaction,
  subscription: WireSubscription,
  invoice: WireInvoice,
): boolean {
  switch (subscription.pause_collection?.behavior) {
    case undefined:
      return false;
    case "void":
      finalizeInvoice(tx, invoice, { usesBalance: false });
      if (invoice.status === "open") {
        voidInvoice(tx, invoice);
      }
      return true;
    case "mark_uncollectible":
      finalizeInvoice(tx, invoice, { usesBalance: false });
      if (invoice.status === "open") {
        markUncollectible(tx, invoice, "subscription_paused");
      }
      return true;
    default:
      stopCollection(invoice);
      return true;
  }
}

/** Ends a pause of the collection whose time has come; emits `customer.subscription.updated`. */
export function endCollectionPause(tx: Transaction, subscription: WireSubscription): void {
  emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
    changed.pause_collection = null;
  });
}
