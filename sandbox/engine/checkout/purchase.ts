import type { CheckoutDetails } from "../../state/checkout_details.ts";
import type { WireCheckoutSession, WireInvoice, WireLineItem } from "../../state/wire.ts";
import { begin, type Creation } from "../../subscriptions/create_subscription.ts";
import { amountOf } from "../../subscriptions/subscription_item.ts";
import { priceIn } from "../catalog/price_in.ts";
import { refreshDraft } from "../invoices.ts";
import { type DiscountTarget, redeemAll } from "../invoicing/discounts.ts";
import { createInvoiceItem, putOn } from "../invoicing/invoice_items.ts";
import { createInvoice } from "../invoicing/manual_invoice.ts";
import type { Transaction } from "../transaction.ts";
import { scheduleTrialEnd } from "./trial_end.ts";

/** A session that is bought, by whom and with what. */
export interface Purchase {
  session: WireCheckoutSession;
  details: CheckoutDetails;
  customer: string;
  /** Null where there is nothing to pay now, or it is only priced. */
  paymentMethod: string | null;
}

/** The subscription that a session in `subscription` mode starts. */
export function creationOf(tx: Transaction, purchase: Purchase): Creation {
  const { session, details, customer, paymentMethod } = purchase;
  const items = details.lineItems.flatMap((item) => sold(tx, item));
  return {
    customer,
    paymentMethod,
    currency: session.currency ?? "usd",
    lines: items.filter(({ price }) => price.recurring !== null),
    extras: items
      .filter(({ price }) => price.recurring === null)
      .map((item) => ({ ...item, metadata: {} })),
    metadata: { ...details.subscriptionMetadata },
    description: details.subscriptionDescription,
    automaticTax: session.automatic_tax.enabled,
    trialDays: details.trialDays,
    trialEnd: details.trialEnd,
    anchor: details.anchor,
    paymentBehavior: "allow_incomplete",
    prorationBehavior: details.prorationBehavior,
    complete: (subscription) => {
      subscription.discounts = redeemed(tx, purchase, { subscription: subscription.id });
      scheduleTrialEnd(subscription, details.trialEndBehavior);
    },
  };
}

/** The draft of what a session charges now; undefined where that is nothing. Emits nothing. */
export function draftOf(tx: Transaction, purchase: Purchase): WireInvoice | undefined {
  return purchase.session.mode === "subscription"
    ? begin(tx, creationOf(tx, purchase)).invoice
    : oneTimeInvoice(tx, purchase);
}

/** The draft of a session in `payment` mode; emits nothing. */
export function oneTimeInvoice(tx: Transaction, purchase: Purchase): WireInvoice {
  const { session, details, customer } = purchase;
  const currency = session.currency ?? "usd";
  const quiet = { ...tx, events: [] };
  const { enabled, liability, provider } = session.automatic_tax;
  const invoice = createInvoice(quiet, {
    customer,
    currency,
    includesPending: false,
    subscription: undefined,
    fields: {
      automatic_tax: { disabled_reason: null, enabled, liability, provider, status: null },
      ...(details.invoice ?? {}),
    },
  });
  for (const { price: shown, quantity } of details.lineItems.flatMap((item) => sold(tx, item))) {
    const price = priceIn(tx.state, shown, currency);
    const item = createInvoiceItem(quiet, {
      customer,
      currency,
      price,
      quantity,
      amount: amountOf(price, quantity),
      description: null,
      discountable: true,
      discounts: [],
      metadata: {},
      taxRates: [],
      period: { start: tx.now, end: tx.now },
      subscription: null,
    });
    putOn(quiet, invoice, item, "after");
  }
  invoice.discounts = redeemed(quiet, purchase, { invoice: invoice.id });
  refreshDraft(quiet, invoice);
  return invoice;
}

function redeemed(
  tx: Transaction,
  { session, details, customer }: Purchase,
  target: Partial<DiscountTarget>,
): string[] {
  const amount = details.lineItems.reduce((sum, item) => sum + item.amount_subtotal, 0);
  return redeemAll(tx, details.discounts, {
    customer,
    currency: session.currency ?? "usd",
    amount,
    checkoutSession: session.id,
    ...target,
  });
}

function sold(tx: Transaction, { price: shown, quantity }: WireLineItem) {
  const price = tx.state.prices.get(shown?.id ?? "");
  return price === undefined ? [] : [{ price, quantity: quantity ?? 1 }];
}
