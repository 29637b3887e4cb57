import type { State } from "../../state/state.ts";
import type { WireInvoice } from "../../state/wire.ts";
import { chargeInvoice, finalizeAndCharge } from "../collection.ts";
import type { Transaction } from "../transaction.ts";
import { debitUnderWay } from "./invoice_payment.ts";
import { announceDueDate, markOverdue, NOTICE_SECONDS } from "./send_invoice.ts";

/** What time brings about for an invoice, and when, in Unix seconds. */
interface InvoiceMoment {
  at: number;
  happen: (tx: Transaction) => void;
}

/**
 * What an invoice waits for next; undefined where it waits for nothing, or for a bank debit to end.
 */
export function invoiceMoment(state: State, invoice: WireInvoice): InvoiceMoment | undefined {
  const { automatically_finalizes_at: finalizesAt, next_payment_attempt: attemptAt } = invoice;
  if (invoice.status === "draft") {
    return finalizesAt === null
      ? undefined
      : { at: finalizesAt, happen: (tx) => finalizeAndCharge(tx, invoice) };
  }
  if (invoice.status !== "open" || debitUnderWay(state, invoice) !== undefined) {
    return undefined;
  }
  return attemptAt === null
    ? dueDateMoment(state, invoice)
    : { at: attemptAt, happen: (tx) => chargeInvoice(tx, invoice) };
}

function dueDateMoment(state: State, invoice: WireInvoice): InvoiceMoment | undefined {
  const { due_date: dueDate } = invoice;
  const stage = state.dueNotices.get(invoice.id)?.stage;
  if (dueDate === null || stage === "overdue") {
    return undefined;
  }
  const noticeAt = dueDate - NOTICE_SECONDS;
  return stage === undefined && noticeAt > (invoice.status_transitions.finalized_at ?? 0)
    ? { at: noticeAt, happen: (tx) => announceDueDate(tx, invoice) }
    : { at: dueDate, happen: (tx) => markOverdue(tx, invoice) };
}
