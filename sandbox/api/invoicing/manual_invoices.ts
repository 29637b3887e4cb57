import type { Stripe } from "stripe";
import { refreshDraft } from "../../engine/invoices.ts";
import { deleteDraft } from "../../engine/invoicing/close_invoice.ts";
import { redeemAll } from "../../engine/invoicing/discounts.ts";
import { createInvoice } from "../../engine/invoicing/manual_invoice.ts";
import { invalidRequest, referenceMissing } from "../../engine/request_error.ts";
import { emitChange, type Transaction } from "../../engine/transaction.ts";
import type { WireInvoice } from "../../state/wire.ts";
import { invoiceOf } from "../invoices.ts";
import {
  between,
  clearable,
  flag,
  given,
  hash,
  integer,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  type Read,
  required,
  type ShapeOf,
  text,
  upTo,
} from "../params.ts";
import { type Route, route } from "../route.ts";
import { DISCOUNTS, taxRatesOf } from "./money_params.ts";

const DAY_SECONDS = 86_400;

const FIELDS = {
  auto_advance: flag,
  automatic_tax: hash({ enabled: required(flag) }),
  automatically_finalizes_at: integer,
  collection_method: oneOf("charge_automatically", "send_invoice"),
  custom_fields: clearable(list(hash({ name: required(text), value: required(text) }), 4)),
  days_until_due: between(0, 3650),
  default_payment_method: text,
  default_tax_rates: clearable(list(text, 20)),
  description: clearable(upTo(1500)),
  discounts: DISCOUNTS,
  due_date: integer,
  effective_at: clearable(integer),
  footer: clearable(upTo(5000)),
  metadata,
  number: clearable(upTo(26)),
  statement_descriptor: upTo(22),
};

const NEW_INVOICE = {
  ...FIELDS,
  currency: text,
  customer: text,
  pending_invoice_items_behavior: oneOf("include", "exclude"),
  subscription: text,
} satisfies ShapeOf<Stripe.InvoiceCreateParams>;

type Fields = Read<typeof FIELDS>;

/** Invoices that somebody writes, and drafts that are edited. */
export const manualInvoiceRoutes: Route[] = [
  route("POST", "/v1/invoices", {
    params: NEW_INVOICE,
    returns: "invoice",
    check: checkDueDate,
    handle: ({ tx, params }) => create(tx, params),
  }),
  route("POST", "/v1/invoices/:id", {
    params: FIELDS satisfies ShapeOf<Stripe.InvoiceUpdateParams>,
    returns: "invoice",
    check: checkDueDate,
    handle: ({ tx, id, params }) => update(tx, invoiceOf(tx, id), params),
  }),
  route("DELETE", "/v1/invoices/:id", {
    params: {},
    returns: "deleted",
    handle: ({ tx, id }) => {
      deleteDraft(tx, invoiceOf(tx, id));
      return { id, object: "invoice", deleted: true } satisfies Stripe.DeletedInvoice;
    },
  }),
];

function checkDueDate({ days_until_due: days, due_date: date }: Fields): void {
  if (days !== undefined && date !== undefined) {
    throw invalidRequest("You may only specify one of `days_until_due` and `due_date`.");
  }
}

function create(tx: Transaction, params: Read<typeof NEW_INVOICE>): WireInvoice {
  const subscription = tx.state.subscriptions.get(params.subscription ?? "");
  if (params.subscription !== undefined && subscription === undefined) {
    throw referenceMissing("subscription", params.subscription, "subscription");
  }
  const id = params.customer ?? subscription?.customer ?? "";
  const customer = tx.state.customers.get(id);
  if (customer === undefined) {
    throw referenceMissing("customer", id, "customer");
  }
  if (subscription !== undefined && subscription.customer !== id) {
    throw invalidRequest("The subscription belongs to another customer.", "subscription");
  }
  const method = params.collection_method ?? "charge_automatically";
  if (method === "send_invoice" && params.days_until_due === undefined && !params.due_date) {
    throw invalidRequest(
      "Missing required param: days_until_due or due_date, for `send_invoice`.",
      "days_until_due",
      "parameter_missing",
    );
  }
  const currency =
    params.currency?.toLowerCase() ?? subscription?.currency ?? customer.currency ?? "usd";
  const own = customer.discount?.id;
  const target = { customer: id, currency, invoice: "" };
  return createInvoice(tx, {
    customer: id,
    currency,
    subscription,
    includesPending: (params.pending_invoice_items_behavior ?? "exclude") === "include",
    fields: {
      ...fieldsOf(tx, params, { customer: id, method, created: tx.now }),
      collection_method: method,
      discounts:
        params.discounts === undefined
          ? own === undefined
            ? []
            : [own]
          : redeemAll(tx, params.discounts ?? [], target),
      metadata: mergeMetadata({}, params.metadata),
    },
  });
}

function update(tx: Transaction, invoice: WireInvoice, params: Fields): WireInvoice {
  const { auto_advance: advance, metadata: pairs, ...rest } = params;
  const touched = Object.keys(given(rest));
  if (invoice.status !== "draft" && touched.some((name) => !EDITABLE_WHEN_FINAL.includes(name))) {
    throw invalidRequest(
      `Finalized invoices can't be updated in this way: ${touched.join(", ")}.`,
      touched[0],
      "invoice_not_editable",
    );
  }
  const customer = invoice.customer ?? "";
  const method = params.collection_method ?? invoice.collection_method;
  emitChange(tx, "invoice.updated", invoice, (changed) => {
    Object.assign(changed, fieldsOf(tx, params, { customer, method, created: invoice.created }));
    changed.metadata = mergeMetadata(invoice.metadata ?? {}, pairs);
    if (params.discounts !== undefined) {
      const target = { customer, currency: invoice.currency, invoice: invoice.id };
      changed.discounts = redeemAll(tx, params.discounts ?? [], target);
    }
    if (advance !== undefined) {
      setAutoAdvance(tx, changed, advance);
    }
    if (changed.status === "draft") {
      refreshDraft(tx, changed);
    }
  });
  return invoice;
}

const EDITABLE_WHEN_FINAL = ["default_payment_method", "due_date", "days_until_due"];

function setAutoAdvance(tx: Transaction, invoice: WireInvoice, advance: boolean): void {
  invoice.auto_advance = advance;
  if (invoice.status === "draft") {
    invoice.automatically_finalizes_at = advance
      ? (invoice.automatically_finalizes_at ?? tx.now + 3600)
      : null;
  } else if (!advance) {
    invoice.next_payment_attempt = null;
  }
}

function fieldsOf(
  tx: Transaction,
  params: Fields,
  { customer, method, created }: { customer: string; method: string; created: number },
): Partial<WireInvoice> {
  const paymentMethod = params.default_payment_method;
  const owner = tx.state.paymentMethods.get(paymentMethod ?? "")?.customer;
  if (paymentMethod !== undefined && owner !== customer) {
    throw referenceMissing("PaymentMethod", paymentMethod, "default_payment_method");
  }
  const days = params.days_until_due;
  if (method !== "send_invoice" && (days !== undefined || params.due_date !== undefined)) {
    throw invalidRequest(
      "`due_date` and `days_until_due` are only valid for `send_invoice`.",
      "days_until_due",
    );
  }
  const { auto_advance, automatically_finalizes_at, collection_method, description } = params;
  const enabled = params.automatic_tax?.enabled;
  return given({
    auto_advance,
    automatically_finalizes_at,
    collection_method,
    description,
    custom_fields: params.custom_fields,
    default_payment_method: paymentMethod,
    due_date: days === undefined ? params.due_date : created + days * DAY_SECONDS,
    effective_at: params.effective_at,
    footer: params.footer,
    number: params.number,
    statement_descriptor: params.statement_descriptor,
    default_tax_rates:
      params.default_tax_rates === undefined
        ? undefined
        : taxRatesOf(tx, params.default_tax_rates, "default_tax_rates"),
    automatic_tax:
      enabled === undefined
        ? undefined
        : {
            disabled_reason: null,
            enabled,
            status: null,
            liability: enabled ? { type: "self" } : null,
            provider: enabled ? "stripe" : null,
          },
  });
}
