import type { Stripe } from "stripe";
import type {
  InvoiceHistory,
  InvoicePage,
  InvoiceRecipient,
  InvoiceSummary,
} from "../../../application/ports/subscription/invoice_history.ts";
import { callStripe } from "../call_stripe.ts";
import { stripeCodeOf } from "../port_error_of.ts";
import type { WireObject } from "../wire_object.ts";
import { amountProcessing } from "./amount_processing.ts";
import { mapAddress } from "./billing_details.ts";
import { invoiceStatus } from "./map_invoice.ts";

const NO_INVOICES: InvoicePage = { invoices: [], nextAfter: null };

/** Lists invoices from Stripe. */
export class StripeInvoiceHistory implements InvoiceHistory {
  readonly #stripe: Stripe;

  constructor(stripe: Stripe) {
    this.#stripe = stripe;
  }

  /** {@inheritDoc} */
  async list(
    customerId: string,
    { after, limit }: { after?: string | undefined; limit: number },
  ): Promise<InvoicePage | undefined> {
    const action = `list the invoices of customer "${customerId}"`;
    const cursor = after === undefined ? {} : { starting_after: after };
    try {
      const { wire } = await callStripe({ action, object: "list" }, () =>
        this.#stripe.invoices.list({ customer: customerId, limit, ...cursor }),
      );
      return await this.#pageOf(wire, customerId);
    } catch (error) {
      if (stripeCodeOf(error) !== "resource_missing") {
        throw error;
      }
      return after === undefined ? NO_INVOICES : undefined;
    }
  }

  async #pageOf(wire: WireObject, customerId: string): Promise<InvoicePage> {
    const found = wire.objects("data").map((invoice) => named(invoice, customerId));
    const invoices: InvoiceSummary[] = [];
    for (const invoice of found) {
      const status = invoiceStatus(invoice);
      if (status !== "draft") {
        const processing = status === "open" && (await this.#isProcessing(invoice));
        invoices.push(summaryOf(invoice, { status, processing }));
      }
    }
    return {
      invoices,
      nextAfter: wire.flag("has_more") ? (found.at(-1)?.text("id") ?? null) : null,
    };
  }

  async #isProcessing(invoice: WireObject): Promise<boolean> {
    return (await amountProcessing(this.#stripe, invoice.text("id"))) > 0;
  }
}

function named(invoice: WireObject, customerId: string): WireObject {
  const one = invoice.named(`invoice "${invoice.text("id")}"`);
  if (one.idOrNull("customer") !== customerId) {
    throw one.contradiction(`it is not of customer "${customerId}"`);
  }
  return one;
}

function summaryOf(
  wire: WireObject,
  { status, processing }: Pick<InvoiceSummary, "status" | "processing">,
): InvoiceSummary {
  return {
    id: wire.text("id"),
    number: wire.textOrNull("number"),
    date:
      wire.childOrNull("status_transitions")?.dateOrNull("finalized_at") ?? wire.date("created"),
    amount: wire.integer("total"),
    currency: wire.text("currency"),
    status,
    processing,
    hostedUrl: wire.textOrNull("hosted_invoice_url"),
    pdfUrl: wire.textOrNull("invoice_pdf"),
    billedTo: recipientOf(wire),
  };
}

function recipientOf(wire: WireObject): InvoiceRecipient {
  return {
    name: wire.textOrNull("customer_name"),
    email: wire.textOrNull("customer_email"),
    address: mapAddress(wire.childOrNull("customer_address")),
    taxIds: wire.objectsOrNone("customer_tax_ids").flatMap((one) => one.textOrNull("value") ?? []),
  };
}
