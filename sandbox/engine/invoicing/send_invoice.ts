import type { WireInvoice } from "../../state/wire.ts";
import { fallBehind } from "../../subscriptions/standing.ts";
import { emit, emitChange, type Transaction } from "../transaction.ts";
import { subscriptionOf } from "./debtor.ts";

const DAY_SECONDS = 86_400;

/** An invoice that is not paid is announced as due this long before its due date. */
export const NOTICE_SECONDS = 3 * DAY_SECONDS;

/** Sends an open invoice to its customer; emits `invoice.sent`. */
export function sendInvoice(tx: Transaction, invoice: WireInvoice): void {
  emit(tx, "invoice.sent", invoice);
}

/** Tells that an invoice will fall due; emits `invoice.will_be_due`. */
export function announceDueDate(tx: Transaction, invoice: WireInvoice): void {
  tx.state.dueNotices.set(invoice.id, { stage: "announced" });
  emit(tx, "invoice.will_be_due", invoice);
}

/** Tells that an invoice was not paid in time; emits `invoice.overdue` and `customer.updated`. */
export function markOverdue(tx: Transaction, invoice: WireInvoice): void {
  tx.state.dueNotices.set(invoice.id, { stage: "overdue" });
  emit(tx, "invoice.overdue", invoice);
  const subscription = subscriptionOf(tx, invoice);
  if (subscription !== undefined) {
    fallBehind(tx, subscription);
  }
  const customer = tx.state.customers.get(invoice.customer ?? "");
  if (customer !== undefined) {
    emitChange(tx, "customer.updated", customer, (changed) => {
      changed.delinquent = true;
    });
  }
}
