import type {
  BillingDetails,
  PostalAddress,
} from "../../src/application/ports/subscription/billing_details.ts";
import type { InvoiceSummary } from "../../src/application/ports/subscription/invoice_history.ts";

/** Where the sample company is. */
export const ADDRESS: PostalAddress = {
  line1: "Marktstr. 1",
  line2: null,
  postalCode: "10115",
  city: "Berlin",
  state: null,
  country: "DE",
};

/** The same in Stripe's words. */
export const WIRE_ADDRESS = {
  line1: "Marktstr. 1",
  line2: null,
  postal_code: "10115",
  city: "Berlin",
  state: null,
  country: "DE",
};

/** An invoice over 29 euros that was paid. */
export function sampleInvoiceSummary(id: string, changes: Partial<InvoiceSummary> = {}) {
  return {
    id,
    number: `MC-${id}`,
    date: new Date("2026-03-01T00:00:00Z"),
    amount: 2_900,
    currency: "eur",
    status: "paid",
    processing: false,
    hostedUrl: `https://invoice.stripe.com/i/${id}`,
    pdfUrl: `https://pay.stripe.com/invoice/${id}/pdf`,
    billedTo: { name: "Acme", email: "billing@acme.example", address: null, taxIds: [] },
    ...changes,
  } satisfies InvoiceSummary;
}

/** A company in Germany that pays by card. */
export function sampleBillingDetails(changes: Partial<BillingDetails> = {}): BillingDetails {
  return {
    name: "Acme GmbH",
    email: "billing@acme.example",
    address: ADDRESS,
    taxIds: [{ type: "eu_vat", value: "DE123456789", status: "verified" }],
    paymentMethod: { brand: "visa", last4: "4242", expMonth: 4, expYear: 2031 },
    ...changes,
  };
}
