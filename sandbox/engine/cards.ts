import { newId } from "../state/ids.ts";
import type { EnteredCard } from "../state/state.ts";
import type { WirePaymentMethod } from "../state/wire.ts";
import type { Transaction } from "./transaction.ts";

/** What a test card does. */
export interface TestCard {
  number: string;
  /** `challenge` asks for 3-D Secure; `fails_later` can be saved, but renewals are declined. */
  behavior: "succeeds" | "declined" | "challenge" | "fails_later";
  label: string;
  brand: "visa";
}

/** The test numbers that the sandbox knows, the one for the happy path first. */
export const TEST_CARDS: readonly TestCard[] = [
  { number: "4242424242424242", behavior: "succeeds", label: "Succeeds", brand: "visa" },
  { number: "4000000000000002", behavior: "declined", label: "Is declined", brand: "visa" },
  {
    number: "4000002500003155",
    behavior: "challenge",
    label: "Asks for 3-D Secure",
    brand: "visa",
  },
  {
    number: "4000000000000341",
    behavior: "fails_later",
    label: "Succeeds now, is declined at renewal",
    brand: "visa",
  },
];

/** The test card with this number, spaces ignored; undefined for any other number. */
export function findTestCard(number: string): TestCard | undefined {
  const digits = number.replaceAll(/[\s-]/g, "");
  return TEST_CARDS.find((card) => card.number === digits);
}

/** Whether a renewal with this payment method is paid. */
export function chargeSucceeds(tx: Transaction, paymentMethod: string | null): boolean {
  const number = paymentMethod === null ? undefined : tx.state.cardNumbers.get(paymentMethod);
  const behavior = number === undefined ? undefined : findTestCard(number)?.behavior;
  return behavior === "succeeds" || behavior === "challenge";
}

/** Saves the card as a payment method of the customer. */
export function attachCard(
  tx: Transaction,
  customer: string,
  card: EnteredCard,
): WirePaymentMethod {
  const paymentMethod: WirePaymentMethod = {
    id: newId("pm"),
    object: "payment_method",
    allow_redisplay: "limited",
    billing_details: {
      address: {
        city: null,
        country: null,
        line1: null,
        line2: null,
        postal_code: null,
        state: null,
      },
      email: card.email,
      name: card.name,
      phone: null,
      tax_id: null,
    },
    card: {
      brand: "visa",
      checks: {
        address_line1_check: null,
        address_postal_code_check: null,
        cvc_check: "pass",
      },
      country: "US",
      display_brand: "visa",
      exp_month: card.expMonth,
      exp_year: card.expYear,
      fingerprint: `sandbox${card.number.slice(-9)}`,
      funding: "credit",
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: ["visa"], preferred: null },
      regulated_status: "unregulated",
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: tx.now,
    customer,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: "card",
  };
  tx.state.paymentMethods.set(paymentMethod.id, paymentMethod);
  tx.state.cardNumbers.set(paymentMethod.id, card.number);
  return paymentMethod;
}
