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

/** Requests that are under way together. */
const AT_ONCE = 10;
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
    const processing = await this.#processing(found);
    const invoices = found.flatMap((invoice) => {
      const status = invoiceStatus(invoice);
      return status === "draft"
        ? []
        : summaryOf(invoice, { status, processing: processing.has(invoice) });
    });
    return {
      invoices,
      nextAfter: wire.flag("has_more") ? (found.at(-1)?.text("id") ?? null) : null,
    };
  }

  /** Those of the open ones that are being paid: asked a few at a time, for many may be open. */
  async #processing(invoices: readonly WireObject[]): Promise<ReadonlySet<WireObject>> {
    const open = invoices.filter((invoice) => invoiceStatus(invoice) === "open");
    const found = new Set<WireObject>();
    for (let from = 0; from < open.length; from += AT_ONCE) {
      const asked = open.slice(from, from + AT_ONCE).map(async (invoice) => {
        if ((await amountProcessing(this.#stripe, invoice.text("id"))) > 0) {
          found.add(invoice);
        }
      });
      await Promise.all(asked);
    }
    return found;
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
