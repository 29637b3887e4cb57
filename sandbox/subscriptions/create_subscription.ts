import { periodAt } from "../engine/billing_period.ts";
import { priceIn } from "../engine/catalog/price_in.ts";
import { chargeInvoice } from "../engine/collection.ts";
import { invoiceLine, periodLine, productName, usageLine } from "../engine/invoice_lines.ts";
import { draftInvoice, finalizeInvoice } from "../engine/invoices.ts";
import { formatDay } from "../engine/money.ts";
import { outcomeOf } from "../engine/paying/outcome.ts";
import { asideOf } from "../engine/preview.ts";
import { type NewSubscription, startSubscription } from "../engine/subscriptions.ts";
import { emit, emitChange, type Transaction } from "../engine/transaction.ts";
import { defaultMethodOf } from "../engine/wallet/default_method.ts";
import type {
  WireInvoice,
  WireInvoiceLine,
  WireSubscription,
  WireSubscriptionItem,
} from "../state/wire.ts";
import type { PaymentBehavior } from "./change_subscription.ts";
import { type Extra, extraLine } from "./extras.ts";
import type { ProrationBehavior } from "./item_change.ts";
import { declined, missingPaymentMethod } from "./payment_refusals.ts";
import { beginSetup } from "./setup/begin_setup.ts";
import { amountOf, isMetered, recurrenceOf } from "./subscription_item.ts";

/** Stripe leaves an invoice that is sent a draft for this long. */
const DRAFT_SECONDS = 3600;

/** A subscription that somebody asks the API for. */
export interface Creation extends NewSubscription {
  paymentBehavior: Exclude<PaymentBehavior, "pending_if_incomplete">;
  /** What becomes of the time before the first whole period. */
  prorationBehavior: ProrationBehavior;
  /** One-time charges on the first invoice. */
  extras: Extra[];
  /** What is settled once its periods are known, such as when it ends. */
  complete: (subscription: WireSubscription, tx: Transaction) => void;
}

/**
 * Starts a subscription and its first invoice, which is paid, waits for its payment or is sent, as
 * the request says. Emits `customer.subscription.created` and the burst of the invoice.
 * @throws {RequestError} where there is nothing to pay with, or the payment is declined and must
 * not be
 */
export function createSubscription(tx: Transaction, creation: Creation): WireSubscription {
  const pays = paysAtOnce(tx, creation);
  const { subscription, invoice } = begin(tx, creation);
  subscription.status = pays === false ? "incomplete" : subscription.status;
  const customer = tx.state.customers.get(creation.customer);
  if (customer !== undefined) {
    emitChange(tx, "customer.updated", customer, (changed) => {
      changed.currency ??= subscription.currency;
    });
  }
  if (pays === undefined) {
    beginSetup(tx, subscription, creation.paymentBehavior);
  }
  emit(tx, "customer.subscription.created", subscription);
  if (invoice === undefined) {
    return subscription;
  }
  emit(tx, "invoice.created", invoice);
  if (subscription.collection_method === "charge_automatically") {
    finalizeInvoice(tx, invoice);
    if (creation.paymentBehavior !== "default_incomplete" || pays !== false) {
      chargeInvoice(tx, invoice);
    }
  }
  return subscription;
}

/** The first invoice of a subscription that does not exist yet; undefined where it has none. */
function rehearseCreation(tx: Transaction, creation: Creation): WireInvoice | undefined {
  return begin(asideOf(tx, creation.customer), creation).invoice;
}

/**
 * Whether the subscription is active at once, because its first invoice is paid or a bank debit is
 * under way; undefined where nobody is to be charged now.
 */
function paysAtOnce(tx: Transaction, creation: Creation): boolean | undefined {
  const due = rehearseCreation(tx, creation)?.amount_due ?? 0;
  if (due === 0 || creation.fields?.collection_method === "send_invoice") {
    return undefined;
  }
  if (creation.paymentBehavior === "default_incomplete") {
    return false;
  }
  const { customer, paymentMethod: default_payment_method } = creation;
  const method = defaultMethodOf(tx.state, { customer, default_payment_method });
  if (method === null) {
    throw missingPaymentMethod();
  }
  const { kind } = outcomeOf(tx.state, method, "off_session");
  if (kind === "processing") {
    return tx.state.assumptions.firstDebit !== "incomplete";
  }
  if (kind !== "succeeded" && creation.paymentBehavior === "error_if_incomplete") {
    throw declined();
  }
  return kind === "succeeded";
}

/** Starts a subscription and writes the draft of its first invoice, if it has one; emits nothing. */
export function begin(tx: Transaction, creation: Creation) {
  const subscription = startSubscription(tx, creation);
  creation.complete(subscription, tx);
  const lines = firstLines(tx, subscription, creation);
  const sent = subscription.collection_method === "send_invoice";
  const occasion = {
    billingReason: "subscription_create",
    periodStart: tx.now,
    periodEnd: tx.now,
    finalizesAt: sent ? tx.now + DRAFT_SECONDS : null,
  } as const;
  const invoice = lines.length === 0 ? undefined : draftInvoice(tx, subscription, occasion, lines);
  subscription.latest_invoice = invoice?.id ?? null;
  return { subscription, invoice };
}

function firstLines(
  tx: Transaction,
  subscription: WireSubscription,
  { prorationBehavior, extras }: Creation,
): WireInvoiceLine[] {
  const prorates = prorationBehavior !== "none";
  const lines = subscription.items.data.flatMap((item) => {
    if (isMetered(item.price)) {
      const period = { start: item.current_period_start, end: item.current_period_end };
      const classic = subscription.billing_mode.type === "classic";
      const usage = { total: 0, billed: 0, period };
      return classic ? [usageLine(tx.state, subscription, item, usage)] : [];
    }
    const billed = prorates ? subscription : { ...subscription, cancel_at: null };
    const line = periodLine(tx.state, billed, item);
    const stub = line.parent?.subscription_item_details?.proration === true;
    return [
      ...(prorates ? timeBefore(tx, subscription, item) : []),
      ...(stub && !prorates ? [] : [line]),
    ];
  });
  return [...lines, ...extras.map((extra) => extraLine(tx, subscription, extra))];
}

/** The line for the time between a start in the past and now. */
function timeBefore(
  tx: Transaction,
  subscription: WireSubscription,
  item: WireSubscriptionItem,
): WireInvoiceLine[] {
  const start = subscription.start_date;
  const quantity = item.quantity ?? 1;
  if (start >= tx.now) {
    return [];
  }
  const name = productName(tx.state, item.price);
  const description = `Time on ${name} from ${formatDay(start)} until ${formatDay(tx.now)}`;
  return [
    invoiceLine(subscription, {
      item,
      price: priceIn(tx.state, item.price, subscription.currency),
      quantity,
      description,
      credited: null,
      proration: true,
      amount: costBetween(tx, subscription, item, { start, end: tx.now }),
      period: { start, end: tx.now },
    }),
  ];
}

/** What a price costs over a time that may last several periods. */
function costBetween(
  { state }: Transaction,
  subscription: WireSubscription,
  { price: shown, quantity }: WireSubscriptionItem,
  { start, end }: { start: number; end: number },
): number {
  const price = priceIn(state, shown, subscription.currency);
  let cost = 0;
  for (let at = start; at < end; ) {
    const period = periodAt(subscription.billing_cycle_anchor, recurrenceOf(price), at);
    const until = Math.min(period.end, end);
    const share = (until - at) / (period.end - period.start);
    cost += amountOf(price, quantity ?? 1) * share;
    at = until;
  }
  return Math.round(cost);
}
