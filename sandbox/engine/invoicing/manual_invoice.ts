import { newId } from "../../state/ids.ts";
import { embeddedList, type WireInvoice, type WireSubscription } from "../../state/wire.ts";
import { takePendingLines } from "../../subscriptions/pending_lines.ts";
import { settleReferences } from "../../subscriptions/prorations.ts";
import { blankInvoice } from "../blank_invoice.ts";
import { refreshDraft } from "../invoices.ts";
import { emit, type Transaction } from "../transaction.ts";
import { takePending } from "./invoice_items.ts";

const HOUR_SECONDS = 3600;

/** What an invoice that somebody writes is made of. */
export interface NewInvoice {
  customer: string;
  currency: string;
  /** Fields that Stripe takes as they are. */
  fields: Partial<WireInvoice>;
  includesPending: boolean;
  subscription: WireSubscription | undefined;
}

/**
 * Writes a draft that nobody but its writer has asked for; emits `invoice.created`. With
 * `auto_advance` it is final an hour later.
 */
export function createInvoice(tx: Transaction, request: NewInvoice): WireInvoice {
  const { customer, currency, fields, subscription } = request;
  const id = newId("in");
  const invoice: WireInvoice = {
    ...blankInvoice(),
    automatic_tax: {
      disabled_reason: null,
      enabled: false,
      liability: null,
      provider: null,
      status: null,
    },
    automatically_finalizes_at: fields.auto_advance === true ? tx.now + HOUR_SECONDS : null,
    billing_reason: "manual",
    created: tx.now,
    currency,
    customer,
    lines: embeddedList(`/v1/invoices/${id}/lines`, []),
    next_payment_attempt: null,
    parent: parentOf(subscription),
    period_end: tx.now,
    period_start: tx.now,
    webhooks_delivered_at: tx.now,
    ...fields,
    id,
    object: "invoice",
    auto_advance: fields.auto_advance ?? false,
  };
  if (subscription !== undefined) {
    takeProrations(tx, invoice, subscription);
  }
  if (request.includesPending) {
    takePending(tx, invoice, ({ parent }) =>
      subscription === undefined
        ? parent === null
        : parent?.subscription_details?.subscription === subscription.id,
    );
  }
  refreshDraft(tx, invoice);
  tx.state.invoices.set(id, invoice);
  emit(tx, "invoice.created", invoice);
  return invoice;
}

function takeProrations(
  tx: Transaction,
  invoice: WireInvoice,
  subscription: WireSubscription,
): void {
  const lines = takePendingLines(tx, subscription, invoice.id);
  invoice.lines.data.push(...settleReferences(tx.state, lines, invoice.id));
  invoice.lines.total_count = invoice.lines.data.length;
}

function parentOf(subscription: WireSubscription | undefined): WireInvoice["parent"] {
  return subscription === undefined
    ? null
    : {
        quote_details: null,
        subscription_details: {
          metadata: { ...subscription.metadata },
          subscription: subscription.id,
        },
        type: "subscription_details",
      };
}
