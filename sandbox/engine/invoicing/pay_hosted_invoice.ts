import type { EnteredCard } from "../../state/checkout_details.ts";
import type { WireInvoice } from "../../state/wire.ts";
import { attachCard, findTestCard } from "../cards.ts";
import { chargeInvoice, settleInvoice } from "../collection.ts";
import { emit, type Transaction } from "../transaction.ts";

/**
 * Pays an invoice with a card that somebody has typed into its page, and confirmed where the bank
 * asked; answers whether it was paid. The card is kept with the customer, and is nobody's default.
 */
export function payHostedInvoice(
  tx: Transaction,
  invoice: WireInvoice,
  card: EnteredCard,
): boolean {
  const customer = invoice.customer ?? "";
  const { id } = attachCard(tx, customer, card);
  const method = tx.state.paymentMethods.get(id);
  if (findTestCard(card.number)?.behavior === "declined") {
    chargeInvoice(tx, invoice, {
      attempt: "by_customer",
      presence: "authenticated",
      paymentMethod: id,
    });
    tx.state.paymentMethods.delete(id);
    tx.state.cardNumbers.delete(id);
    return false;
  }
  if (method !== undefined) {
    emit(tx, "payment_method.attached", method);
  }
  settleInvoice(tx, invoice, id);
  return true;
}
