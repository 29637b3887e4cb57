import type { Stripe } from "stripe";
import {
  buildCreditNote,
  issueCreditNote,
  type NewCreditNote,
  voidCreditNote,
} from "../../engine/invoicing/credit_notes.ts";
import { referenceMissing, resourceMissing } from "../../engine/request_error.ts";
import { emitChange, type Transaction } from "../../engine/transaction.ts";
import type { WireCreditNote, WireInvoice } from "../../state/wire.ts";
import { created, inRange, matches, newestFirst, PAGE, page } from "../listing.ts";
import {
  between,
  clearable,
  given,
  hash,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  type Read,
  required,
  type ShapeOf,
  text,
} from "../params.ts";
import { type Route, route } from "../route.ts";

const PATH = "/v1/credit_notes";

const positive = between(0, 99_999_999);

const NEW_NOTE = {
  amount: between(1, 99_999_999),
  credit_amount: positive,
  email_type: oneOf("credit_note", "none"),
  invoice: required(text),
  lines: list(
    hash({
      amount: between(1, 99_999_999),
      description: text,
      invoice_line_item: text,
      quantity: between(1, 999_999_999),
      type: required(oneOf("custom_line_item", "invoice_line_item")),
      unit_amount: between(0, 99_999_999),
    }),
    250,
  ),
  memo: text,
  metadata,
  out_of_band_amount: positive,
  reason: oneOf("duplicate", "fraudulent", "order_change", "product_unsatisfactory"),
  refund_amount: positive,
} satisfies ShapeOf<Stripe.CreditNoteCreateParams>;

export const creditNoteRoutes: Route[] = [
  route("GET", `${PATH}/preview`, {
    params: NEW_NOTE,
    returns: "credit_note",
    handle: ({ tx, params }) => buildCreditNote(tx, invoiceOf(tx, params), requestOf(params)),
  }),
  route("POST", PATH, {
    params: NEW_NOTE,
    returns: "credit_note",
    handle: ({ tx, params }) => issueCreditNote(tx, invoiceOf(tx, params), requestOf(params)),
  }),
  route("GET", `${PATH}/:id`, {
    params: {},
    returns: "credit_note",
    handle: ({ tx, id }) => noteOf(tx, id),
  }),
  route("POST", `${PATH}/:id`, {
    params: { memo: clearable(text), metadata } satisfies ShapeOf<Stripe.CreditNoteUpdateParams>,
    returns: "credit_note",
    handle: ({ tx, id, params }) => {
      const note = noteOf(tx, id);
      emitChange(tx, "credit_note.updated", note, (changed) => {
        Object.assign(changed, given({ memo: params.memo }));
        changed.metadata = mergeMetadata(note.metadata ?? {}, params.metadata);
      });
      return note;
    },
  }),
  route("GET", `${PATH}/:id/lines`, {
    params: PAGE,
    returns: "list:credit_note_line_item",
    handle: ({ tx, id, params }) => page(`${PATH}/${id}/lines`, noteOf(tx, id).lines.data, params),
  }),
  route("POST", `${PATH}/:id/void`, {
    params: {},
    returns: "credit_note",
    handle: ({ tx, id }) => {
      const note = noteOf(tx, id);
      voidCreditNote(tx, note);
      return note;
    },
  }),
  route("GET", PATH, {
    params: {
      ...PAGE,
      created,
      customer: text,
      invoice: text,
    } satisfies ShapeOf<Stripe.CreditNoteListParams>,
    returns: "list:credit_note",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.creditNotes,
        (note) =>
          matches(params.customer, note.customer) &&
          matches(params.invoice, note.invoice) &&
          inRange(note.created, params.created),
      );
      return page(PATH, found, params);
    },
  }),
];

function requestOf(params: Read<typeof NEW_NOTE>): NewCreditNote {
  return {
    amount: params.amount,
    lines: (params.lines ?? []).map((line) => ({
      type: line.type,
      amount: line.amount,
      quantity: line.quantity,
      description: line.description,
      unitAmount: line.unit_amount,
      invoiceLineItem: line.invoice_line_item,
    })),
    creditAmount: params.credit_amount,
    refundAmount: params.refund_amount,
    outOfBandAmount: params.out_of_band_amount,
    memo: params.memo ?? null,
    metadata: mergeMetadata({}, params.metadata),
    reason: params.reason ?? null,
  };
}

function invoiceOf(tx: Transaction, { invoice: id }: { invoice: string }): WireInvoice {
  const invoice = tx.state.invoices.get(id);
  if (invoice === undefined) {
    throw referenceMissing("invoice", id, "invoice");
  }
  return invoice;
}

function noteOf(tx: Transaction, id: string): WireCreditNote {
  const note = tx.state.creditNotes.get(id);
  if (note === undefined) {
    throw resourceMissing("credit note", id);
  }
  return note;
}
