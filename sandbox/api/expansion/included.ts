import { defaultPayment } from "../../engine/invoicing/invoice_payment.ts";
import type { State } from "../../state/state.ts";
import { embeddedList } from "../../state/wire.ts";

type Loader = (state: State, id: string) => object | undefined;

/** What stands in an object only where a request asks for it. */
const INCLUDED: Readonly<Record<string, Loader>> = {
  "charge.refunds": (state, id) =>
    firstTen(`/v1/charges/${id}/refunds`, state.refunds.of(id).reverse()),
  "checkout.session.line_items": (state, id) =>
    embeddedList(
      `/v1/checkout/sessions/${id}/line_items`,
      state.checkoutDetails.get(id)?.lineItems ?? [],
    ),
  "customer.sources": (state, id) =>
    embeddedList(`/v1/customers/${id}/sources`, state.cards.of(id).reverse()),
  "customer.subscriptions": (state, id) => {
    const found = state.subscriptions.of(id).filter(({ status }) => status !== "canceled");
    return firstTen(`/v1/customers/${id}/subscriptions`, found.reverse());
  },
  "customer.tax": (state, id) => {
    const country = state.customers.get(id)?.address?.country ?? null;
    const location = country === null ? null : { country, source: "billing_address", state: null };
    return {
      automatic_tax: location === null ? "unrecognized_location" : "supported",
      ip_address: null,
      location,
      provider: "stripe",
    };
  },
  "customer.tax_ids": (state, id) =>
    embeddedList(`/v1/customers/${id}/tax_ids`, state.taxIds.of(id).reverse()),
  "invoice.confirmation_secret": (state, id) => {
    const invoice = state.invoices.get(id);
    const secret = invoice && defaultPayment(state, invoice)?.intent.client_secret;
    return typeof secret === "string"
      ? { client_secret: secret, type: "payment_intent" }
      : undefined;
  },
  "price.currency_options": (state, id) => state.priceDetails.get(id)?.currency_options,
  "price.tiers": (state, id) => state.priceDetails.get(id)?.tiers ?? undefined,
  "invoice.payments": (state, id) =>
    embeddedList(`/v1/invoice_payments?invoice=${id}`, state.invoicePayments.of(id)),
};

/** What `place`, such as `customer.tax_ids`, holds in the object with this id. */
export function included(state: State, place: string, id: string): object | undefined {
  return new Map(Object.entries(INCLUDED)).get(place)?.(state, id);
}

/** A list of which Stripe embeds no more than ten. */
function firstTen(url: string, all: object[]): object {
  return { ...embeddedList(url, all.slice(0, 10)), has_more: all.length > 10 };
}
