import { emitChange, type Transaction } from "../../engine/transaction.ts";
import type { WireSetupIntent } from "../../state/wire.ts";

/**
 * Lets a subscription that waited for an intent go on with its payment method, which it keeps where
 * `save_default_payment_method` says so; emits `customer.subscription.updated`.
 */
export function endSetup(tx: Transaction, { id, customer, payment_method }: WireSetupIntent): void {
  for (const subscription of tx.state.subscriptions.of(customer ?? "")) {
    if (subscription.pending_setup_intent === id) {
      const keeps =
        subscription.payment_settings?.save_default_payment_method === "on_subscription";
      emitChange(tx, "customer.subscription.updated", subscription, (changed) => {
        changed.pending_setup_intent = null;
        changed.default_payment_method = keeps ? payment_method : changed.default_payment_method;
      });
    }
  }
}
