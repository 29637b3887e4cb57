import type { Transaction } from "../../engine/transaction.ts";
import { defaultMethodOf } from "../../engine/wallet/default_method.ts";
import { confirmSetupIntent, createSetupIntent } from "../../engine/wallet/setup_intents.ts";
import { findTestCard } from "../../engine/wallet/test_cards.ts";
import type { WireSubscription } from "../../state/wire.ts";

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
