import type { InvoiceSummary } from "../../src/application/ports/subscription/invoice_history.ts";

/** An invoice over 29 euros that was paid. */
export function sampleInvoiceSummary(id: string, changes: Partial<InvoiceSummary> = {}) {
  return {
    id,
    number: `MC-${id}`,
    date: new Date("2026-03-01T00:00:00Z"),
    amount: 2_900,
    currency: "eur",
    status: "paid",
    hostedUrl: `https://invoice.stripe.com/i/${id}`,
    pdfUrl: `https://pay.stripe.com/invoice/${id}/pdf`,
    billedTo: { name: "Acme", email: "billing@acme.example", address: null, taxIds: [] },
    ...changes,
  } satisfies InvoiceSummary;
}
