import type { Billing } from "../../../application/billing.ts";
import type { InvoiceSummary } from "../../../application/ports/subscription/invoice_history.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedQuery, type Endpoint } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";

const DEFAULT_LIMIT = 20;

interface ListInvoicesParams {
  readonly limit?: string;
  readonly cursor?: string;
}

/** What `GET /invoices` takes in its query. */
const LIST_INVOICES_SCHEMA = {
  type: "object",
  additionalProperties: false,
  properties: {
    limit: { type: "string", pattern: "^([1-9][0-9]?|100)$" },
    cursor: { type: "string", pattern: "^in_[A-Za-z0-9_]{1,250}$" },
  },
};

const check = compileSchema<ListInvoicesParams>(LIST_INVOICES_SCHEMA);

/** `GET /invoices`: what the tenant was charged, newest first. */
export function listInvoicesEndpoint({ listInvoices }: Billing): Endpoint {
  return {
    method: "get",
    path: "/invoices",
    access: "member",
    async handle({ tenantId, query }) {
      const { limit, cursor } = checkedQuery(check, query);
      const outcome = await listInvoices.execute({
        tenantId,
        after: cursor,
        limit: Number(limit ?? DEFAULT_LIMIT),
      });
      switch (outcome.type) {
        case "listed": {
          const { invoices, nextAfter: nextCursor } = outcome;
          return { status: 200, body: { data: invoices.map(invoiceBody), meta: { nextCursor } } };
        }
        case "unknown_cursor":
          return unknownCursor();
        default:
          return outcome satisfies never;
      }
    },
  };
}

function invoiceBody(invoice: InvoiceSummary) {
  return {
    id: invoice.id,
    number: invoice.number,
    date: invoice.date.toISOString(),
    amount: invoice.amount,
    currency: invoice.currency,
    status: invoice.status,
    hostedUrl: invoice.hostedUrl,
    pdfUrl: invoice.pdfUrl,
  };
}

function unknownCursor(): HttpError {
  const message = "cursor names no invoice of this tenant: take it from meta.nextCursor";
  return new HttpError(400, {
    code: "invalid_query",
    message: `The query is not valid: ${message}`,
    details: [{ field: "cursor", message }],
  });
}
