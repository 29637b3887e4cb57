import { newSessionId } from "../state/ids.ts";
import type { CheckoutDetails, EnteredCard } from "../state/state.ts";
import type { WireCheckoutSession, WireCustomer, WireLineItem, WirePrice } from "../state/wire.ts";
import { attachCard } from "./cards.ts";
import { settleInvoice } from "./collection.ts";
import { createCustomer } from "./customers.ts";
import { draftInvoice, finalizeInvoice } from "./invoices.ts";
import { isUsable, redeemAll } from "./invoicing/discounts.ts";
import { priceSession, showTotals } from "./invoicing/session_totals.ts";
import { payLater, payOnce } from "./one_time_payment.ts";
import { invalidRequest } from "./request_error.ts";
import { startSubscription } from "./subscriptions.ts";
import { emit, type Transaction } from "./transaction.ts";

/** What Checkout learns of the address from a test card. */
const CARD_ADDRESS = {
  city: null,
  country: "US",
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
};

/** Ends an open session without payment; emits `checkout.session.expired`. */
export function expireSession(tx: Transaction, session: WireCheckoutSession): void {
  session.status = "expired";
  session.url = null;
  tx.state.challenges.delete(session.id);
  emit(tx, "checkout.session.expired", session);
}

/**
 * Pays an open session with a card that was accepted: starts the subscription and pays its first
 * invoice, or makes the one payment, and completes the session, with the burst of events that
 * Stripe sends.
 * @throws {RequestError} where the session is not open or its customer was deleted
 */
export function completeSession(
  tx: Transaction,
  session: WireCheckoutSession,
  card: EnteredCard,
): void {
  requireOpen(session);
  const customer = payingCustomer(tx, session, card);
  const details = tx.state.checkoutDetails.get(session.id);
  const paymentMethod = attachCard(tx, customer.id, card);
  session.customer = customer.id;
  if (session.mode === "payment") {
    redeemForPayment(tx, session, details);
    const payer = { customer: customer.id, paymentMethod: paymentMethod.id, details };
    payOnce(tx, session, payer);
  } else {
    subscribe(tx, session, { customer, details, paymentMethod: paymentMethod.id });
  }
  finishSession(tx, session, { customer, email: card.email, name: card.name });
}

/**
 * Completes an open session in `payment` mode with a payment method that takes days.
 * @throws {RequestError} where the session is not open, has no customer, or is for a subscription
 */
export function completeDelayed(
  tx: Transaction,
  session: WireCheckoutSession,
  succeeds: boolean,
): void {
  requireOpen(session);
  const customer = tx.state.customers.get(session.customer ?? "");
  if (session.mode !== "payment" || customer === undefined) {
    throw invalidRequest("A delayed method needs `payment` mode and a customer.");
  }
  const details = tx.state.checkoutDetails.get(session.id);
  payLater(tx, session, { customer: customer.id, paymentMethod: null, details, succeeds });
  finishSession(tx, session, { customer, email: customer.email, name: null });
}

function subscribe(
  tx: Transaction,
  session: WireCheckoutSession,
  {
    customer,
    details,
    paymentMethod,
  }: { customer: WireCustomer; details: CheckoutDetails | undefined; paymentMethod: string },
): void {
  const subscription = startSubscription(tx, {
    customer: customer.id,
    currency: session.currency ?? "usd",
    lines: subscriptionLines(tx, details?.lineItems ?? []),
    paymentMethod,
    metadata: { ...details?.subscriptionMetadata },
    description: details?.subscriptionDescription ?? null,
    automaticTax: session.automatic_tax.enabled,
    trialDays: details?.trialDays ?? null,
  });
  subscription.discounts = redeemAll(tx, details?.discounts ?? [], {
    ...{ customer: customer.id, currency: subscription.currency, subscription: subscription.id },
    amount: session.amount_subtotal ?? 0,
  });
  const invoice = draftInvoice(tx, subscription, {
    billingReason: "subscription_create",
    periodStart: tx.now,
    periodEnd: tx.now,
    finalizesAt: null,
  });
  subscription.latest_invoice = invoice.id;
  customer.currency ??= subscription.currency;
  emit(tx, "customer.subscription.created", subscription);
  emit(tx, "invoice.created", invoice);
  finalizeInvoice(tx, invoice);
  settleInvoice(tx, invoice, paymentMethod);
  showTotals(session, invoice, details);
  session.payment_status = invoice.total === 0 ? "no_payment_required" : "paid";
  session.subscription = subscription.id;
  session.invoice = invoice.id;
}

/** Redeems the discount of a session in `payment` mode; its amount was computed before. */
function redeemForPayment(
  tx: Transaction,
  session: WireCheckoutSession,
  details: CheckoutDetails | undefined,
): void {
  if (details !== undefined) {
    priceSession(tx, session, details);
    redeemAll(tx, details.discounts ?? [], {
      ...{ customer: session.customer as string | null, currency: session.currency ?? "usd" },
      ...{ amount: session.amount_subtotal ?? 0, checkoutSession: session.id },
    });
  }
}

/**
 * Puts a promotion code, as somebody types it, on an open session; its sums change with it.
 * @throws {RequestError} where there is no such code, or it cannot be used here
 */
export function applyPromotionCode(
  tx: Transaction,
  session: WireCheckoutSession,
  typed: string,
): void {
  requireOpen(session);
  const details = tx.state.checkoutDetails.get(session.id);
  const code = [...tx.state.promotionCodes.values()].findLast(
    (one) => one.code.toLowerCase() === typed.trim().toLowerCase() && isUsable(one, tx.now),
  );
  if (details === undefined || code === undefined || session.allow_promotion_codes !== true) {
    throw invalidRequest("This code is invalid.", "promotion_code");
  }
  priceSession(tx, session, { ...details, discounts: [{ promotion_code: code.id }] });
  details.discounts = [{ promotion_code: code.id }];
  session.discounts = [{ coupon: null, promotion_code: code.id }];
}

function finishSession(
  tx: Transaction,
  session: WireCheckoutSession,
  { customer, email, name }: { customer: WireCustomer; email: string | null; name: string | null },
): void {
  session.status = "complete";
  session.url = null;
  session.customer = customer.id;
  session.customer_details = {
    ...customerDetails(customer.email ?? email, name ?? customer.name ?? null),
    address: customer.address ?? CARD_ADDRESS,
  };
  if (session.automatic_tax.enabled) {
    session.automatic_tax.status = "complete";
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

function payingCustomer(tx: Transaction, session: WireCheckoutSession, card: EnteredCard) {
  if (session.customer === null) {
    return createCustomer(tx, { email: session.customer_email ?? card.email, name: card.name });
  }
  const customer = tx.state.customers.get(session.customer);
  if (customer === undefined) {
    throw invalidRequest("The customer of this Checkout Session was deleted.", "customer");
  }
  return customer;
}

function subscriptionLines(
  tx: Transaction,
  items: WireLineItem[],
): { price: WirePrice; quantity: number }[] {
  return items.flatMap((item) => {
    const price = tx.state.prices.get(item.price?.id ?? "");
    return price === undefined ? [] : [{ price, quantity: item.quantity ?? 1 }];
  });
}
