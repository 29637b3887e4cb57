import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import type { InvoiceSummary } from "../../../application/ports/subscription/invoice_history.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { input } from "../input.ts";
import {
  ADDRESS,
  AMOUNT,
  CURRENCY,
  closed,
  DATE_TIME,
  nullable,
  oneOf,
  PAGE_LENGTH,
  pageOf,
  type Shown,
} from "../schema.ts";

const DEFAULT_LIMIT = 20;

/** What `GET /invoices` takes in its query. */
const QUERY = closed({
  limit: Type.Optional(PAGE_LENGTH),
  cursor: Type.Optional(Type.String({ pattern: "^in_[A-Za-z0-9_]{1,250}$" })),
});

const INVOICE = closed(
  {
    id: Type.String(),
    number: nullable(Type.String()),
    date: DATE_TIME,
    amount: AMOUNT,
    currency: CURRENCY,
    status: oneOf(["open", "paid", "uncollectible", "void"]),
    processing: Type.Boolean({
      description: "Whether a payment of it is on its way: it is not to be paid again",
    }),
    hostedUrl: nullable(Type.String()),
    pdfUrl: nullable(Type.String()),
    billedTo: closed({
      name: nullable(Type.String()),
      email: nullable(Type.String()),
      address: nullable(ADDRESS),
      taxIds: Type.Array(Type.String()),
    }),
  },
  { title: "Invoice" },
);

/** `GET /invoices`: what the tenant was charged, newest first. */
export function listInvoicesEndpoint({ listInvoices }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/invoices",
    asksStripe: true,
    access: "member",
    summary: "What the tenant was charged, newest first",
    query: input(QUERY),
    answer: pageOf(INVOICE),
    links: { "get /invoices": { cursor: "$response.body#/meta/nextCursor" } },
    async handle({ tenantId, query: { limit = DEFAULT_LIMIT, cursor } }) {
      const outcome = await listInvoices.execute({
        tenantId,
        after: cursor,
        limit,
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
  });
}

function invoiceBody(invoice: InvoiceSummary): Shown<typeof INVOICE> {
  return {
    id: invoice.id,
    number: invoice.number,
    date: invoice.date.toISOString(),
    amount: invoice.amount,
    currency: invoice.currency,
    status: invoice.status,
    processing: invoice.processing,
    hostedUrl: invoice.hostedUrl,
    pdfUrl: invoice.pdfUrl,
    billedTo: { ...invoice.billedTo, taxIds: [...invoice.billedTo.taxIds] },
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
