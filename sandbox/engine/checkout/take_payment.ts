import type { WireInvoice } from "../../state/wire.ts";
import { begin } from "../../subscriptions/create_subscription.ts";
import { chargeInvoice, settleInvoice } from "../collection.ts";
import { finalizeInvoice } from "../invoices.ts";
import { debitUnderWay, defaultPayment } from "../invoicing/invoice_payment.ts";
import { payLater, payOnce } from "../one_time_payment.ts";
import { emit, type Transaction } from "../transaction.ts";
import { creationOf, oneTimeInvoice, type Purchase } from "./purchase.ts";

/** Starts the subscription that was bought and pays its first invoice; emits the burst of both. */
export function subscribe(tx: Transaction, purchase: Purchase): void {
  const { session, customer } = purchase;
  const { subscription, invoice } = begin(tx, creationOf(tx, purchase));
  const waits = isDebited(tx, purchase) && tx.state.assumptions.firstDebit === "incomplete";
  if (waits && (invoice?.amount_due ?? 0) > 0) {
    subscription.status = "incomplete";
  }
  const owner = tx.state.customers.get(customer);
  if (owner !== undefined) {
    owner.currency ??= subscription.currency;
  }
  emit(tx, "customer.subscription.created", subscription);
  session.payment_status = "no_payment_required";
  session.subscription = subscription.id;
  if (invoice !== undefined) {
    emit(tx, "invoice.created", invoice);
    finalizeInvoice(tx, invoice);
    collect(tx, invoice, purchase);
  }
}

/** Makes the one payment of a session in `payment` mode, with an invoice where it has one. */
export function payNow(tx: Transaction, purchase: Purchase): void {
  const { session, details, customer, paymentMethod } = purchase;
  if (details.invoice === null) {
    const payer = { customer: customer === "" ? null : customer, paymentMethod, details };
    redeemOnly(tx, purchase);
    if (isDebited(tx, purchase)) {
      payLater(tx, session, payer);
    } else {
      payOnce(tx, session, payer);
    }
    return;
  }
  const invoice = oneTimeInvoice(tx, purchase);
  emit(tx, "invoice.created", invoice);
  finalizeInvoice(tx, invoice);
  const payment = defaultPayment(tx.state, invoice);
  if (payment !== undefined) {
    payment.intent.metadata = { ...details.paymentMetadata };
    payment.intent.description = details.paymentDescription;
    payment.intent.shipping = details.paymentShipping;
    session.payment_intent = payment.intent.id;
  }
  collect(tx, invoice, purchase);
}

/** Takes what an invoice is over: a card was accepted before, a bank account is debited. */
function collect(tx: Transaction, invoice: WireInvoice, purchase: Purchase): void {
  const { session, paymentMethod } = purchase;
  session.invoice = invoice.id;
  if (!isDebited(tx, purchase)) {
    settleInvoice(tx, invoice, paymentMethod);
    session.payment_status = invoice.total === 0 ? "no_payment_required" : "paid";
    return;
  }
  chargeInvoice(tx, invoice, { paymentMethod: paymentMethod ?? "" });
  const debit = debitUnderWay(tx.state, invoice);
  session.payment_status = debit === undefined ? "no_payment_required" : "unpaid";
  if (debit !== undefined) {
    debit.session = session.id;
  }
}

function isDebited(tx: Transaction, { paymentMethod }: Purchase): boolean {
  return tx.state.paymentMethods.get(paymentMethod ?? "")?.type === "sepa_debit";
}

/** Counts what a payment without an invoice redeems. */
function redeemOnly(tx: Transaction, purchase: Purchase): void {
  if (purchase.details.discounts.length > 0) {
    const { id } = oneTimeInvoice(tx, purchase);
    tx.state.invoices.delete(id);
  }
}
