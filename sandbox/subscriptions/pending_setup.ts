import { emitChange, type Transaction } from "../engine/transaction.ts";
import { defaultMethodOf } from "../engine/wallet/default_method.ts";
import { confirmSetupIntent, createSetupIntent } from "../engine/wallet/setup_intents.ts";
import { findTestCard } from "../engine/wallet/test_cards.ts";
import type { WireSetupIntent, WireSubscription } from "../state/wire.ts";

/**
 * Begins to set up what later invoices are paid with, where nothing is paid now: a payment method
 * that is still missing and asked for (`default_incomplete`), or one whose bank asks for its holder.
 * Emits `setup_intent.created`, and `setup_intent.requires_action` for the latter. Source:
 * docs.stripe.com/billing/migration/strong-customer-authentication, scenario 2.
 */
export function beginSetup(
  tx: Transaction,
  subscription: WireSubscription,
  paymentBehavior: string,
): void {
  const method = defaultMethodOf(tx.state, subscription);
  const card = findTestCard(tx.state.cardNumbers.get(method ?? "") ?? "");
  const asks = card?.behavior.endsWith("challenge") === true;
  const missing = method === null && paymentBehavior === "default_incomplete";
  if (subscription.collection_method !== "charge_automatically" || !(asks || missing)) {
    return;
  }
  const { customer } = subscription;
  const intent = createSetupIntent(tx, { customer, payment_method: method, usage: "off_session" });
  if (asks) {
    confirmSetupIntent(tx, intent, null);
  }
  subscription.pending_setup_intent = intent.id;
}

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
