import type { Stripe } from "stripe";
import { chargeInvoice } from "../../engine/collection.ts";
import {
  markUncollectible,
  payOutOfBand,
  requirePayable,
  voidInvoice,
} from "../../engine/invoicing/close_invoice.ts";
import { openInvoice } from "../../engine/invoicing/open_invoice.ts";
import { sendInvoice } from "../../engine/invoicing/send_invoice.ts";
import type { Outcome } from "../../engine/paying/outcome.ts";
import { invalidRequest, RequestError, referenceMissing } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { WireInvoice } from "../../state/wire.ts";
import { invoiceOf } from "../invoices.ts";
import { clearable, flag, type Read, type ShapeOf, text } from "../params.ts";
import { type Route, route } from "../route.ts";

const PAY = {
  forgive: flag,
  mandate: clearable(text),
  off_session: flag,
  paid_out_of_band: flag,
  payment_method: text,
} satisfies ShapeOf<Stripe.InvoicePayParams>;

/** What can be done with an invoice that exists. */
export const invoiceActionRoutes: Route[] = [
  route("POST", "/v1/invoices/:id/finalize", {
    params: { auto_advance: flag } satisfies ShapeOf<Stripe.InvoiceFinalizeInvoiceParams>,
    returns: "invoice",
    handle: ({ tx, id, params }) => {
      const invoice = invoiceOf(tx, id);
      openInvoice(tx, invoice, { autoAdvance: params.auto_advance });
      return invoice;
    },
  }),
  route("POST", "/v1/invoices/:id/pay", {
    params: PAY,
    returns: "invoice",
    handle: ({ tx, id, params }) => pay(tx, invoiceOf(tx, id), params),
  }),
  route("POST", "/v1/invoices/:id/void", {
    params: {},
    returns: "invoice",
    handle: ({ tx, id }) => {
      const invoice = invoiceOf(tx, id);
      voidInvoice(tx, invoice);
      return invoice;
    },
  }),
  route("POST", "/v1/invoices/:id/mark_uncollectible", {
    params: {},
    returns: "invoice",
    handle: ({ tx, id }) => {
      const invoice = invoiceOf(tx, id);
      markUncollectible(tx, invoice, "user_forgiven");
      return invoice;
    },
  }),
  route("POST", "/v1/invoices/:id/send", {
    params: {},
    returns: "invoice",
    handle: ({ tx, id }) => {
      const invoice = invoiceOf(tx, id);
      if (invoice.status === "draft") {
        openInvoice(tx, invoice, {});
      }
      if (invoice.status !== "open") {
        throw invalidRequest(`You can't send an invoice that is ${invoice.status}.`);
      }
      sendInvoice(tx, invoice);
      return invoice;
    },
  }),
];

function pay(tx: Transaction, invoice: WireInvoice, params: Read<typeof PAY>): WireInvoice {
  const { payment_method: paymentMethod } = params;
  requirePayable(tx, invoice);
  if (invoice.status === "draft") {
    openInvoice(tx, invoice, {});
  }
  if (invoice.status === "paid") {
    return invoice;
  }
  if (params.paid_out_of_band === true) {
    payOutOfBand(tx, invoice);
    return invoice;
  }
  const method = tx.state.paymentMethods.get(paymentMethod ?? "");
  if (paymentMethod !== undefined && method?.customer !== invoice.customer) {
    throw referenceMissing("PaymentMethod", paymentMethod, "payment_method");
  }
  const outcome = chargeInvoice(tx, invoice, {
    attempt: "by_customer",
    presence: params.off_session === false ? "on_session" : "off_session",
    ...(paymentMethod !== undefined && { paymentMethod }),
  });
  throwUnpaid(outcome);
  return invoice;
}

/** @throws {RequestError} 402 where the payment method was charged in vain, as Stripe's API answers */
function throwUnpaid(outcome: Outcome): void {
  switch (outcome.kind) {
    case "succeeded":
    case "processing":
      return;
    case "no_method":
      throw invalidRequest(
        "There is no `default_payment_method` set on this Customer or Invoice. Please set one " +
          "prior to attempting this operation.",
      );
    case "requires_action":
      throw new RequestError(
        "Payment for this invoice requires additional user action before it can be completed " +
          "successfully. Payment can be completed using the PaymentIntent associated with the invoice.",
        {
          status: 402,
          type: "card_error",
          code: "invoice_payment_intent_requires_action",
        },
      );
    case "declined":
      throw new RequestError(outcome.message, {
        status: 402,
        type: "card_error",
        code: outcome.code,
        decline_code: outcome.declineCode ?? undefined,
      });
    default:
      outcome satisfies never;
  }
}
