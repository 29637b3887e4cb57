import type { Debit } from "../../state/payment_records.ts";
import type { State } from "../../state/state.ts";
import type { WireInvoice, WireInvoicePayment, WirePaymentIntent } from "../../state/wire.ts";
import { createIntent } from "../payments.ts";
import { emit, type Transaction } from "../transaction.ts";

/** How an invoice is paid: its default payment and the intent behind it. */
export interface DefaultPayment {
  record: WireInvoicePayment;
  intent: WirePaymentIntent;
}

/**
 * The default payment that an invoice got when it was finalised; undefined where there was nothing
 * to pay.
 */
export function defaultPayment(state: State, invoice: WireInvoice): DefaultPayment | undefined {
  const record = state.invoicePayments.get(idOf(invoice));
  const intent = state.paymentIntents.get(record?.payment.payment_intent ?? "");
  return record === undefined || intent === undefined ? undefined : { record, intent };
}

/** The bank debit that is under way to pay an invoice, if there is one. */
export function debitUnderWay(state: State, invoice: WireInvoice): Debit | undefined {
  return state.debits.get(defaultPayment(state, invoice)?.intent.id ?? "");
}

/**
 * Gives a finalised invoice its default payment with a payment intent over the amount due; emits
 * `payment_intent.created`.
 */
export function openPayment(tx: Transaction, invoice: WireInvoice): void {
  const first = invoice.billing_reason === "subscription_create";
  const billed = (invoice.parent?.subscription_details ?? null) !== null;
  const intent = createIntent(tx, {
    amount: invoice.amount_due,
    currency: invoice.currency,
    customer: invoice.customer,
    description: !billed
      ? "Payment for Invoice"
      : first
        ? "Subscription creation"
        : "Subscription update",
    metadata: {},
  });
  const record: WireInvoicePayment = {
    id: idOf(invoice),
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: tx.now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent.id, type: "payment_intent" },
    status: "open",
    status_transitions: { canceled_at: null, paid_at: null },
  };
  tx.state.invoicePayments.set(record.id, record);
  emit(tx, "payment_intent.created", intent);
}

/** Keeps the default payment in step with what is left to pay. */
export function adjustPayment(tx: Transaction, invoice: WireInvoice): void {
  const payment = defaultPayment(tx.state, invoice);
  if (payment !== undefined && payment.record.status === "open") {
    payment.record.amount_requested = invoice.amount_remaining;
    payment.intent.amount = invoice.amount_remaining;
  }
}

/** Calls the default payment of an invoice off; emits `payment_intent.canceled`. */
export function cancelPayment(
  tx: Transaction,
  invoice: WireInvoice,
  reason: "void_invoice" | "failed_invoice" | null,
): void {
  const payment = defaultPayment(tx.state, invoice);
  if (payment === undefined || payment.record.status !== "open") {
    return;
  }
  const { record, intent } = payment;
  record.status = "canceled";
  record.status_transitions.canceled_at = tx.now;
  tx.state.debits.delete(intent.id);
  intent.status = "canceled";
  intent.canceled_at = tx.now;
  intent.cancellation_reason = reason;
  intent.next_action = null;
  emit(tx, "payment_intent.canceled", intent);
}

/** The invoice whose default payment an intent is; undefined for a payment of its own. */
export function invoiceOfIntent(state: State, intentId: string): WireInvoice | undefined {
  for (const { invoice, payment } of state.invoicePayments.values()) {
    if (payment.payment_intent === intentId) {
      return state.invoices.get(invoice);
    }
  }
  return undefined;
}

/** An invoice has one default payment, so that its id follows from the invoice's. */
function idOf(invoice: WireInvoice): string {
  return invoice.id.replace("in_", "inpay_");
}
