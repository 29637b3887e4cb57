import { newId } from "../../state/ids.ts";
import { embeddedList, type WireCreditNote, type WireInvoice } from "../../state/wire.ts";
import { settleInvoice } from "../collection.ts";
import { createRefund } from "../paying/refunds.ts";
import { invalidRequest } from "../request_error.ts";
import { emit, emitChange, type Transaction } from "../transaction.ts";
import { changeBalance } from "./balance.ts";
import { creditLines, type LineRequest } from "./credit_note_lines.ts";
import { adjustPayment, cancelPayment, defaultPayment } from "./invoice_payment.ts";

/** What a credit note shall say, and where the money of a paid invoice goes. */
export interface NewCreditNote {
  /** In minor units, taxes included; undefined where lines say it. */
  amount: number | undefined;
  lines: readonly LineRequest[];
  /** Put on the customer's balance. */
  creditAmount: number | undefined;
  refundAmount: number | undefined;
  outOfBandAmount: number | undefined;
  memo: string | null;
  metadata: Record<string, string>;
  reason: WireCreditNote["reason"];
}

/**
 * What a credit note for a finalised invoice would be; nothing happens yet. One for an open invoice
 * reduces what is left to pay, one for a paid invoice says where the money goes.
 * @throws {RequestError} where the invoice cannot be credited so far
 */
export function buildCreditNote(
  tx: Transaction,
  invoice: WireInvoice,
  request: NewCreditNote,
): WireCreditNote {
  const paid = invoice.status === "paid";
  if (!paid && invoice.status !== "open") {
    throw invalidRequest(
      `You can only create credit notes for open or paid invoices; this one is ${invoice.status}.`,
      "invoice",
    );
  }
  const id = newId("cn");
  const { lines, subtotal, taxes } = creditLines(invoice, request);
  const tax = taxes.reduce(
    (sum, { amount, tax_behavior: behavior }) => sum + (behavior === "exclusive" ? amount : 0),
    0,
  );
  const total = request.amount ?? subtotal + tax;
  const left = paid
    ? invoice.total - invoice.pre_payment_credit_notes_amount - creditedAfter(invoice)
    : invoice.amount_remaining;
  if (total <= 0 || total > left) {
    throw invalidRequest(
      `The credit note's total (${total}) must be positive and at most what is left (${left}).`,
      "amount",
    );
  }
  checkShares(request, { total, paid });
  const number = tx.state.creditNotes.of(invoice.id).length + 1;
  return {
    id,
    object: "credit_note",
    amount: total,
    amount_shipping: 0,
    created: tx.now,
    currency: invoice.currency,
    customer: invoice.customer ?? "",
    customer_account: null,
    customer_balance_transaction: null,
    discount_amount: 0,
    discount_amounts: [],
    effective_at: tx.now,
    invoice: invoice.id,
    lines: embeddedList(`/v1/credit_notes/${id}/lines`, lines),
    livemode: false,
    memo: request.memo,
    metadata: request.metadata,
    number: `${invoice.number}-CN-${String(number).padStart(2, "0")}`,
    out_of_band_amount: request.outOfBandAmount ?? null,
    pdf: `${tx.baseUrl}/i/${invoice.id}/pdf`,
    post_payment_amount: paid ? total : 0,
    pre_payment_amount: paid ? 0 : total,
    pretax_credit_amounts: [],
    reason: request.reason,
    refunds: [],
    shipping_cost: null,
    status: "issued",
    subtotal,
    subtotal_excluding_tax: subtotal,
    total,
    total_excluding_tax: total - tax,
    total_taxes: taxes,
    type: paid ? "post_payment" : "pre_payment",
    voided_at: null,
  };
}

/**
 * Issues a credit note; emits `credit_note.created` and what its money brings about
 * (docs.stripe.com/invoicing/dashboard/credit-notes).
 */
export function issueCreditNote(
  tx: Transaction,
  invoice: WireInvoice,
  request: NewCreditNote,
): WireCreditNote {
  const note = buildCreditNote(tx, invoice, request);
  tx.state.creditNotes.set(note.id, note);
  if (note.type === "post_payment") {
    giveBack(tx, invoice, { note, request });
  }
  emit(tx, "credit_note.created", note);
  emitChange(tx, "invoice.updated", invoice, (credited) => {
    credited.post_payment_credit_notes_amount += note.post_payment_amount;
    reduce(credited, note.pre_payment_amount);
  });
  adjustPayment(tx, invoice);
  if (invoice.status === "open" && invoice.amount_remaining === 0) {
    cancelPayment(tx, invoice, null);
    settleInvoice(tx, invoice, null);
  }
  return note;
}

/**
 * Takes a credit note back; emits `credit_note.voided` and `invoice.updated`.
 * @throws {RequestError} where its invoice is no longer open
 */
export function voidCreditNote(tx: Transaction, note: WireCreditNote): void {
  const invoice = tx.state.invoices.get(note.invoice);
  if (note.status !== "issued" || invoice?.status !== "open") {
    throw invalidRequest("You can only void credit notes that are issued for open invoices.");
  }
  note.status = "void";
  note.voided_at = tx.now;
  emit(tx, "credit_note.voided", note);
  emitChange(tx, "invoice.updated", invoice, (charged) => {
    reduce(charged, -note.pre_payment_amount);
  });
  adjustPayment(tx, invoice);
}

function reduce(invoice: WireInvoice, amount: number): void {
  invoice.pre_payment_credit_notes_amount += amount;
  invoice.amount_due -= amount;
  invoice.amount_remaining -= amount;
}

function creditedAfter(invoice: WireInvoice): number {
  return invoice.post_payment_credit_notes_amount;
}

/** Money that was paid goes to the balance, back to the card, or its own way. */
function checkShares(
  request: NewCreditNote,
  { total, paid }: { total: number; paid: boolean },
): void {
  const { creditAmount, refundAmount, outOfBandAmount } = request;
  const shares = [creditAmount, refundAmount, outOfBandAmount].filter((one) => one !== undefined);
  const sum = shares.reduce((all, share) => all + share, 0);
  if (!paid && shares.length > 0) {
    throw invalidRequest(
      "`credit_amount`, `refund_amount` and `out_of_band_amount` are for paid invoices only.",
      "refund_amount",
    );
  }
  if (paid && sum !== total) {
    throw invalidRequest(
      `The sum of credit amount, refund amount and out of band amount (${sum}) must equal the ` +
        `credit note's amount (${total}).`,
      "refund_amount",
    );
  }
}

function giveBack(
  tx: Transaction,
  invoice: WireInvoice,
  { note, request }: { note: WireCreditNote; request: NewCreditNote },
): void {
  const { creditAmount = 0, refundAmount = 0 } = request;
  const customer = tx.state.customers.get(invoice.customer ?? "");
  const intent = defaultPayment(tx.state, invoice)?.intent;
  const charge = tx.state.charges.get(intent?.latest_charge ?? "");
  if (refundAmount > 0) {
    if (charge === undefined) {
      throw invalidRequest("There is no payment of this invoice to refund.", "refund_amount");
    }
    const refund = createRefund(tx, charge, { amount: refundAmount, reason: null, metadata: {} });
    note.refunds = [
      {
        amount_refunded: refundAmount,
        refund: refund.id,
        payment_record_refund: null,
        type: "refund",
      },
    ];
  }
  if (creditAmount > 0 && customer !== undefined) {
    note.customer_balance_transaction = changeBalance(tx, customer, {
      amount: -creditAmount,
      currency: invoice.currency,
      type: "credit_note",
      invoice: invoice.id,
      creditNote: note.id,
    }).id;
  }
}
