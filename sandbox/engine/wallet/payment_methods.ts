import { newId } from "../../state/ids.ts";
import type { WirePaymentMethod } from "../../state/wire.ts";
import { cardDeclined, invalidRequest } from "../request_error.ts";
import { emit, emitChange, type Transaction } from "../transaction.ts";
import { buildCard } from "./build_card.ts";
import { cardOfToken, findTestCard, ibanOfToken } from "./test_cards.ts";

type BillingDetails = WirePaymentMethod["billing_details"];

/** A payment method to be kept; `number` is the test card's, or the IBAN. */
export interface NewPaymentMethod {
  type: "card" | "sepa_debit";
  number: string;
  card?: NonNullable<WirePaymentMethod["card"]>;
  sepa_debit?: NonNullable<WirePaymentMethod["sepa_debit"]>;
  customer?: string;
  allow_redisplay?: NonNullable<WirePaymentMethod["allow_redisplay"]>;
  billing_details?: Partial<BillingDetails>;
  metadata?: Record<string, string>;
}

const NO_ADDRESS = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
};

/** Keeps a payment method; emits nothing. */
export function keepPaymentMethod(
  tx: Transaction,
  { number, ...fields }: NewPaymentMethod,
  id = newId("pm"),
): WirePaymentMethod {
  const method: WirePaymentMethod = {
    id,
    object: "payment_method",
    allow_redisplay: "unspecified",
    created: tx.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    ...fields,
    billing_details: {
      address: NO_ADDRESS,
      email: null,
      name: null,
      phone: null,
      tax_id: null,
      ...fields.billing_details,
    },
  };
  tx.state.paymentMethods.set(id, method);
  tx.state.cardNumbers.set(id, number.replaceAll(/[\s-]/g, ""));
  return method;
}

/** A bank account as Stripe shows it, by its IBAN. */
export function buildSepaDebit(iban: string): NonNullable<WirePaymentMethod["sepa_debit"]> {
  const digits = iban.replaceAll(/\s/g, "").toUpperCase();
  return {
    bank_code: digits.slice(4, 12),
    branch_code: null,
    country: digits.slice(0, 2),
    fingerprint: `sandbox${digits.slice(-9)}`,
    generated_from: { charge: null, setup_attempt: null },
    last4: digits.slice(-4),
  };
}

/**
 * The payment method with this id. A token of Stripe's test mode, such as `pm_card_visa`, stands
 * for a new one each time it is used.
 * @throws {RequestError} where there is no such payment method
 */
export function paymentMethodFor(
  tx: Transaction,
  id: string,
  param = "payment_method",
): WirePaymentMethod {
  const known = tx.state.paymentMethods.get(id);
  if (known !== undefined) {
    return known;
  }
  const card = id.startsWith("pm_") ? cardOfToken(id) : undefined;
  const iban = ibanOfToken(id);
  if (card !== undefined) {
    const expYear = new Date(tx.now * 1000).getUTCFullYear() + 1;
    const data = { number: card.number, expMonth: 12, expYear };
    return keepPaymentMethod(tx, { type: "card", number: card.number, card: buildCard(data) });
  }
  if (iban !== undefined) {
    const sepa = { number: iban, sepa_debit: buildSepaDebit(iban) };
    const who = { email: "payer@example.com", name: "Payer" };
    return keepPaymentMethod(tx, { type: "sepa_debit", ...sepa, billing_details: who });
  }
  throw invalidRequest(`No such PaymentMethod: '${id}'`, param, "resource_missing");
}

/**
 * Refuses to attach what Stripe would not.
 * @throws {RequestError} where it is somebody's already, or its issuer declines it (402)
 */
export function checkAttachable(tx: Transaction, method: WirePaymentMethod): void {
  if (method.customer !== null) {
    throw invalidRequest(
      "The payment method you provided has already been attached to a customer.",
      "payment_method",
    );
  }
  const card = findTestCard(tx.state.cardNumbers.get(method.id) ?? "");
  if (card?.behavior === "declined") {
    throw cardDeclined(card.declineCode ?? "generic_decline");
  }
}

/**
 * Makes a payment method the customer's; emits `payment_method.attached`.
 * @throws {RequestError} as {@linkcode checkAttachable}
 */
export function attachPaymentMethod(
  tx: Transaction,
  method: WirePaymentMethod,
  customer: string,
): void {
  if (method.customer !== customer) {
    checkAttachable(tx, method);
    method.customer = customer;
    emit(tx, "payment_method.attached", method);
  }
}

/**
 * Takes a payment method from its customer for good; emits `payment_method.detached`.
 * @throws {RequestError} where it is nobody's
 */
export function detachPaymentMethod(tx: Transaction, method: WirePaymentMethod): void {
  const owner = tx.state.customers.get(method.customer ?? "");
  if (method.customer === null) {
    throw invalidRequest(
      "The payment method you provided is not attached to a customer so detachment is impossible.",
      "payment_method",
    );
  }
  if (owner?.invoice_settings.default_payment_method === method.id) {
    emitChange(tx, "customer.updated", owner, (changed) => {
      changed.invoice_settings.default_payment_method = null;
    });
  }
  emitChange(tx, "payment_method.detached", method, (changed) => {
    changed.customer = null;
  });
}
