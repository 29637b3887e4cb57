import type { Buyer, CheckoutDetails, EnteredCard } from "../../state/checkout_details.ts";
import { newSessionId } from "../../state/ids.ts";
import type { WireCheckoutSession, WireCustomer, WirePaymentMethod } from "../../state/wire.ts";
import { attachCard, keepAccount } from "../cards.ts";
import { invalidRequest } from "../request_error.ts";
import { emit, type Transaction } from "../transaction.ts";
import { setUpMethod } from "../wallet/setup_intents.ts";
import { payerOf } from "./payer.ts";
import { priceSession } from "./price_session.ts";
import { recoveryOf } from "./recovery.ts";
import { payNow, subscribe } from "./take_payment.ts";

/** What Checkout learns of the address from a test card. */
const CARD_ADDRESS = {
  city: null,
  country: "US",
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
};

/** What a session is paid with. */
export type Means = EnteredCard | WirePaymentMethod;

/** Ends an open session without payment; emits `checkout.session.expired`. */
export function expireSession(tx: Transaction, session: WireCheckoutSession): void {
  session.status = "expired";
  session.url = null;
  session.after_expiration = recoveryOf(tx, session);
  tx.state.challenges.delete(session.id);
  emit(tx, "checkout.session.expired", session);
}

/**
 * Completes an open session with a card that was accepted, or with a payment method that is
 * nobody's yet, or without one where none is needed: starts the subscription and pays its first
 * invoice, makes the one payment, or saves the payment method. Emits the burst of events that Stripe
 * sends. A bank account is debited, which takes days.
 * @throws {RequestError} where the session is not open or its customer was deleted
 */
export function completeSession(
  tx: Transaction,
  session: WireCheckoutSession,
  means: Means | null,
  typed: Partial<Buyer> = {},
): void {
  requireOpen(session);
  const details = detailsOf(tx, session);
  const buyer = located(tx, session, buyerOf(means, { ...details.buyer, ...typed }));
  priceSession(tx, session, buyer);
  const customer = payerOf(tx, session, { details, buyer });
  const method = means && takeMeans(tx, means, keeperOf(session, details, customer));
  const paymentMethod = method?.id ?? null;
  if (session.mode === "setup") {
    setUpMethod(tx, session.setup_intent ?? "", method);
    session.payment_status = "no_payment_required";
  } else if (method !== null && method.customer !== null) {
    emit(tx, "payment_method.attached", method);
  }
  const purchase = { session, details, customer: customer?.id ?? "", paymentMethod };
  if (session.mode === "subscription") {
    subscribe(tx, purchase);
  } else if (session.mode === "payment") {
    payNow(tx, purchase);
  }
  finishSession(tx, session, { customer, buyer });
}

/**
 * Completes an open session with a bank account whose debit takes days, and succeeds or fails.
 * @throws {RequestError} where the session is not open, has no customer, or pays nothing
 */
export function completeDelayed(
  tx: Transaction,
  session: WireCheckoutSession,
  succeeds: boolean,
): void {
  const customer = tx.state.customers.get(session.customer ?? "");
  if (session.mode === "setup" || customer === undefined) {
    throw invalidRequest("A delayed method needs something to pay, and a customer.");
  }
  const { email = null, name = null } = customer;
  completeSession(tx, session, keepAccount(tx, { succeeds, email, name }));
}

/**
 * The buyer with an address where automatic tax needs one: Checkout lets nobody pay without
 * (docs.stripe.com/tax/checkout). A test card comes from the United States.
 */
function located(tx: Transaction, session: WireCheckoutSession, buyer: Buyer): Buyer {
  const home = tx.state.customers.get(session.customer ?? "")?.address;
  const known = buyer.address?.country ?? home?.country ?? null;
  const needed = session.automatic_tax.enabled && known === null;
  return needed
    ? { ...buyer, address: { ...CARD_ADDRESS, ...buyer.address, country: "US" } }
    : buyer;
}

/**
 * Whose the payment method is from now on; null for nobody's. That of a one-time payment is only
 * kept where `setup_future_usage` says so (docs.stripe.com/payments/checkout/save-and-reuse).
 */
function keeperOf(
  { mode }: WireCheckoutSession,
  { setupFutureUsage }: CheckoutDetails,
  customer: WireCustomer | undefined,
): string | null {
  const keeps = mode !== "payment" || setupFutureUsage !== null;
  return keeps ? (customer?.id ?? null) : null;
}

function takeMeans(tx: Transaction, means: Means, customer: string | null): WirePaymentMethod {
  if (!("object" in means)) {
    return attachCard(tx, customer, means);
  }
  means.customer = customer;
  return means;
}

function finishSession(
  tx: Transaction,
  session: WireCheckoutSession,
  { customer, buyer }: { customer: WireCustomer | undefined; buyer: Buyer },
): void {
  session.status = "complete";
  session.url = null;
  session.customer = customer?.id ?? null;
  session.customer_details = {
    ...customerDetails(
      customer?.email ?? session.customer_email ?? buyer.email,
      buyer.name ?? customer?.name ?? null,
    ),
    address: buyer.address ?? customer?.address ?? CARD_ADDRESS,
    tax_exempt: customer?.tax_exempt ?? "none",
    tax_ids: (customer === undefined ? [] : tx.state.taxIds.of(customer.id)).map(
      ({ type, value }) => ({ type, value }),
    ),
  };
  if (session.consent_collection !== null) {
    const { terms_of_service: terms, promotions } = session.consent_collection;
    session.consent = {
      promotions: promotions === "auto" ? "opt_out" : null,
      terms_of_service: terms === "required" ? "accepted" : null,
    };
  }
  tx.state.challenges.delete(session.id);
  emit(tx, "checkout.session.completed", session);
}

/** @throws {RequestError} where the session was completed or has expired */
export function requireOpen(session: WireCheckoutSession): void {
  if (session.status !== "open") {
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be changed. This Checkout Session ` +
        `has a status of \`${session.status}\`.`,
    );
  }
}

/** The unguessable id of a new session and the address of its page. */
export function newSessionAddress(tx: Transaction): { id: string; url: string } {
  const id = newSessionId();
  return { id, url: `${tx.baseUrl}/c/pay/${id}` };
}

/** The customer as Checkout shows it on a session. */
export function customerDetails(
  email: string | null,
  name: string | null,
): NonNullable<WireCheckoutSession["customer_details"]> {
  return {
    address: null,
    business_name: null,
    email,
    individual_name: null,
    name,
    phone: null,
    tax_exempt: "none",
    tax_ids: [],
  };
}

/** What somebody typed into Checkout, or said of their payment method. */
function buyerOf(means: Means | null, typed: Partial<Buyer>): Buyer {
  const known = means !== null && "object" in means ? means.billing_details : means;
  return {
    email: known?.email ?? null,
    name: known?.name ?? null,
    address: null,
    taxId: null,
    ...typed,
  };
}

function detailsOf(tx: Transaction, session: WireCheckoutSession): CheckoutDetails {
  const details = tx.state.checkoutDetails.get(session.id);
  if (details === undefined) {
    throw new Error(`Cannot complete ${session.id}: nothing is known of what it sells`);
  }
  return details;
}
