import type { EnteredCard } from "../state/checkout_details.ts";
import type { WirePaymentMethod } from "../state/wire.ts";
import type { Transaction } from "./transaction.ts";
import { buildCard } from "./wallet/build_card.ts";
import { buildSepaDebit, keepPaymentMethod } from "./wallet/payment_methods.ts";
import { FAILING_IBANS, GOOD_IBAN } from "./wallet/test_cards.ts";

export { findTestCard, TEST_CARDS, type TestCard } from "./wallet/test_cards.ts";

/** Saves a card that somebody typed as a payment method of the customer, or of a guest; emits nothing. */
export function attachCard(
  tx: Transaction,
  customer: string | null,
  card: EnteredCard,
): WirePaymentMethod {
  return keepPaymentMethod(tx, {
    type: "card",
    number: card.number,
    card: buildCard(card),
    ...(customer !== null && { customer }),
    allow_redisplay: "limited",
    billing_details: { email: card.email, name: card.name },
  });
}

/** Keeps a bank account whose debits succeed, or fail, and which is nobody's yet; emits nothing. */
export function keepAccount(
  tx: Transaction,
  { succeeds, email, name }: { succeeds: boolean; email: string | null; name: string | null },
): WirePaymentMethod {
  const number = succeeds ? GOOD_IBAN : FAILING_IBANS[0];
  return keepPaymentMethod(tx, {
    type: "sepa_debit",
    number,
    sepa_debit: buildSepaDebit(number),
    allow_redisplay: "limited",
    billing_details: { email, name },
  });
}
