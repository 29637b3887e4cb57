import { newId } from "../../state/ids.ts";
import type { WireCreditNote, WireCreditNoteLine, WireInvoice } from "../../state/wire.ts";
import { invalidRequest, referenceMissing } from "../request_error.ts";
import { netOf } from "./line_amounts.ts";

/** A line of an invoice to credit, all of it or an amount, or a line of its own. */
export interface LineRequest {
  type: "invoice_line_item" | "custom_line_item";
  invoiceLineItem: string | undefined;
  amount: number | undefined;
  quantity: number | undefined;
  unitAmount: number | undefined;
  description: string | undefined;
}

type Taxes = NonNullable<WireCreditNote["total_taxes"]>;

/**
 * The lines of a credit note, and the taxes that go back with them.
 * @throws {RequestError} where a line is none of the invoice's, or says too little
 */
export function creditLines(
  invoice: WireInvoice,
  { amount, lines }: { amount: number | undefined; lines: readonly LineRequest[] },
): { lines: WireCreditNoteLine[]; subtotal: number; taxes: Taxes } {
  if ((amount === undefined) === (lines.length === 0)) {
    throw invalidRequest("Give exactly one of `amount` and `lines`.", "amount");
  }
  if (amount !== undefined) {
    const line = build({ amount, description: "Credit", quantity: 1, type: "custom_line_item" });
    return { lines: [line], subtotal: amount, taxes: [] };
  }
  const built = lines.map((line, index) => lineOf(invoice, line, `lines[${index}]`));
  const subtotal = built.reduce((sum, line) => sum + line.amount, 0);
  return { lines: built, subtotal, taxes: built.flatMap(({ taxes }) => taxes ?? []) };
}

function lineOf(invoice: WireInvoice, request: LineRequest, param: string): WireCreditNoteLine {
  const { type, description, quantity, unitAmount } = request;
  if (type === "custom_line_item") {
    const amount = request.amount ?? (unitAmount ?? 0) * (quantity ?? 1);
    return build({ amount, description: description ?? null, quantity: quantity ?? 1, type });
  }
  const line = invoice.lines.data.find(({ id }) => id === request.invoiceLineItem);
  if (line === undefined) {
    throw referenceMissing(
      "invoice line item",
      request.invoiceLineItem ?? "",
      `${param}[invoice_line_item]`,
    );
  }
  const net = netOf(line);
  const share = quantity === undefined ? 1 : quantity / (line.quantity ?? 1);
  const amount = request.amount ?? Math.round(net * share);
  if (amount > net) {
    throw invalidRequest(`The line has only ${net} to credit.`, `${param}[amount]`);
  }
  const credited = build({
    amount,
    type,
    description: line.description,
    quantity: quantity ?? line.quantity ?? 1,
  });
  return {
    ...credited,
    invoice_line_item: line.id,
    taxes: (line.taxes ?? []).map((tax) => ({
      ...tax,
      amount: net === 0 ? 0 : Math.round((tax.amount * amount) / net),
      taxable_amount: amount,
    })),
  };
}

function build(fields: {
  amount: number;
  description: string | null;
  quantity: number;
  type: WireCreditNoteLine["type"];
}): WireCreditNoteLine {
  const { amount, description, quantity, type } = fields;
  const unit = Math.round(amount / (quantity === 0 ? 1 : quantity));
  return {
    id: newId("cnli"),
    object: "credit_note_line_item",
    amount,
    description,
    discount_amount: 0,
    discount_amounts: [],
    livemode: false,
    metadata: {},
    pretax_credit_amounts: [],
    quantity,
    tax_rates: [],
    taxes: [],
    type,
    unit_amount: unit,
    unit_amount_decimal: String(unit),
  };
}
