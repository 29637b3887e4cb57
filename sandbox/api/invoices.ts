import type { Stripe } from "stripe";
import { resourceMissing } from "../engine/request_error.ts";
import type { Transaction } from "../engine/transaction.ts";
import type { WireInvoice } from "../state/wire.ts";
import {
  created,
  inRange,
  isInView,
  matches,
  newestFirst,
  ownedBy,
  PAGE,
  page,
} from "./listing.ts";
import { hash, oneOf, required, type ShapeOf, text } from "./params.ts";
import { type Route, route } from "./route.ts";

/** The invoice with this id. */
export function invoiceOf(tx: Transaction, id: string): WireInvoice {
  const invoice = tx.state.invoices.get(id);
  if (invoice === undefined) {
    throw resourceMissing("invoice", id);
  }
  return invoice;
}

export const invoiceRoutes: Route[] = [
  route("GET", "/v1/invoices/:id", {
    params: {},
    returns: "invoice",
    handle: ({ tx, id }) => invoiceOf(tx, id),
  }),
  route("GET", "/v1/invoices/:id/lines", {
    params: PAGE,
    returns: "list:line_item",
    handle: ({ tx, id, params }) =>
      page(`/v1/invoices/${id}/lines`, invoiceOf(tx, id).lines.data, params),
  }),
  route("GET", "/v1/invoices", {
    params: {
      ...PAGE,
      collection_method: oneOf("charge_automatically", "send_invoice"),
      created,
      customer: text,
      due_date: created,
      status: oneOf("draft", "open", "paid", "uncollectible", "void"),
      subscription: text,
    } satisfies ShapeOf<Stripe.InvoiceListParams>,
    returns: "list:invoice",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        ownedBy(tx.state.invoices, params.subscription ?? params.customer),
        (invoice) =>
          isInView(invoice, params) &&
          matches(params.collection_method, invoice.collection_method) &&
          matches(params.customer, invoice.customer) &&
          matches(params.status, invoice.status) &&
          matches(
            params.subscription,
            invoice.parent?.subscription_details?.subscription ?? null,
          ) &&
          (params.due_date === undefined || inRange(invoice.due_date ?? -1, params.due_date)) &&
          inRange(invoice.created, params.created),
      );
      return page("/v1/invoices", found, params);
    },
  }),
  route("GET", "/v1/invoice_payments", {
    params: {
      ...PAGE,
      created,
      invoice: text,
      payment: hash({
        payment_intent: text,
        payment_record: text,
        type: required(oneOf("payment_intent", "payment_record")),
      }),
      status: oneOf("open", "paid", "canceled"),
    } satisfies ShapeOf<Stripe.InvoicePaymentListParams>,
    returns: "list:invoice_payment",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        ownedBy(tx.state.invoicePayments, params.invoice),
        (payment) =>
          matches(params.invoice, payment.invoice) &&
          matches(params.status, payment.status) &&
          matches(params.payment?.type, payment.payment.type) &&
          matches(params.payment?.payment_intent, payment.payment.payment_intent ?? null) &&
          inRange(payment.created, params.created),
      );
      return page("/v1/invoice_payments", found, params);
    },
  }),
];
