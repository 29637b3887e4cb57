import { debitUnderWay } from "../engine/invoicing/invoice_payment.ts";
import { formatMoney } from "../engine/money.ts";
import type { State } from "../state/state.ts";
import type { WireInvoice } from "../state/wire.ts";
import type { CardFields, FieldProblem } from "./card_form.ts";
import { cardInputs, problemNote, testCardList } from "./card_inputs.ts";
import { type Html, html } from "./html.ts";
import { formatDate, type Page } from "./layout.ts";
import { recipientLines } from "./recipient.ts";
import { invoiceBadge } from "./status_badge.ts";

/** What stands in the card form of an open invoice. */
export interface InvoiceForm {
  fields: CardFields;
  problems?: readonly FieldProblem[];
  status?: number;
}

/** A hosted invoice: printable, and paid here while it is open. */
export function invoicePage(state: State, invoice: WireInvoice, form: InvoiceForm): Page {
  const { status = 200 } = form;
  const payable = isPayable(state, invoice);
  const title = `Invoice ${invoice.number}`;
  return {
    title: form.problems === undefined ? title : `Problem: ${title}`,
    status,
    body: html`${invoiceBody(state, invoice)}
${payable && payForm(invoice, form)}
<p class="screen soft small">Print this page to keep the invoice.</p>`,
  };
}

/** Whether somebody can pay an invoice now: nobody has, and no bank debit is under way. */
export function isPayable(state: State, invoice: WireInvoice): boolean {
  const owed = invoice.status === "open" || invoice.status === "uncollectible";
  return owed && debitUnderWay(state, invoice) === undefined;
}

function payForm(invoice: WireInvoice, { fields, problems = [] }: InvoiceForm): Html {
  const path = `/i/${invoice.id}`;
  const form = { fields, problems, email: invoice.customer_email ?? "customer@example.com" };
  return html`<section class="card screen" aria-label="Payment">
<h2>Pay this invoice</h2>
${problemNote(form)}
${testCardList(path, form)}
<form method="post" action="${path}" class="fields" id="card-form">
${cardInputs(form)}
<div class="actions">
<button>Pay ${formatMoney(invoice.amount_remaining, invoice.currency)}</button>
</div>
</form>
</section>`;
}

function invoiceBody(state: State, invoice: WireInvoice): Html {
  const money = (amount: number) => formatMoney(amount, invoice.currency);
  const { finalized_at: finalizedAt, paid_at: paidAt } = invoice.status_transitions;
  return html`<section class="card">
<p class="head"><span class="soft">Sandbox invoice</span>${invoiceBadge(invoice)}</p>
<h1>Invoice ${invoice.number}</h1>
<dl class="facts">
<div class="whole"><dt>Billed to</dt>
${recipientLines(invoice).map((line) => html`<dd>${line}</dd>`)}</div>
${finalizedAt && html`<div><dt>Issued</dt><dd>${formatDate(finalizedAt)}</dd></div>`}
${invoice.due_date && html`<div><dt>Due</dt><dd>${formatDate(invoice.due_date)}</dd></div>`}
${paidAt && html`<div><dt>Paid</dt><dd>${formatDate(paidAt)}</dd></div>`}
</dl>
<table class="sums"><caption class="unseen">Items</caption><tbody>${invoice.lines.data.map(
    (line) => html`<tr class="ruled"><th scope="row">${line.description}
<span class="soft small period">${formatDate(line.period.start)} –
${formatDate(line.period.end)}</span></th>
<td>${money(line.amount)}</td></tr>`,
  )}
<tr class="ruled"><th scope="row">Subtotal</th><td>${money(invoice.subtotal)}</td></tr>
${discountRows(state, invoice)}
${taxRows(state, invoice)}
<tr class="ruled total"><th scope="row">Total</th><td>${money(invoice.total)}</td></tr>
${balanceRow(invoice)}
${
  invoice.amount_paid > 0 &&
  html`<tr class="ruled"><th scope="row">Amount paid</th><td>${money(invoice.amount_paid)}</td></tr>`
}
<tr class="total"><th scope="row">Amount due</th><td>${money(invoice.amount_remaining)}</td></tr>
</tbody></table>
</section>`;
}

function discountRows(state: State, invoice: WireInvoice): Html[] {
  return (invoice.total_discount_amounts ?? []).map(({ amount, discount }) => {
    const coupon = state.coupons.get(couponIdOf(state, discount));
    const name = coupon?.name ?? coupon?.id ?? "Discount";
    return html`<tr class="ruled"><th scope="row">${name}</th>
<td>${formatMoney(-amount, invoice.currency)}</td></tr>`;
  });
}

function couponIdOf(state: State, discount: unknown): string {
  return state.discounts.get(String(discount))?.source.coupon ?? "";
}

function taxRows(state: State, invoice: WireInvoice): Html[] {
  return (invoice.total_taxes ?? []).map((tax) => {
    const rate = state.taxRates.get(tax.tax_rate_details?.tax_rate ?? "");
    const kind = tax.tax_behavior === "inclusive" ? "included" : "added";
    const name = rate === undefined ? "Tax" : `${rate.display_name} ${rate.percentage} %`;
    return html`<tr class="ruled"><th scope="row">${name} <span class="soft small">${kind}</span></th>
<td>${formatMoney(tax.amount, invoice.currency)}</td></tr>`;
  });
}

function balanceRow(invoice: WireInvoice): Html | undefined {
  const used = (invoice.ending_balance ?? invoice.starting_balance) - invoice.starting_balance;
  return used === 0
    ? undefined
    : html`<tr class="ruled"><th scope="row">Applied balance</th>
<td>${formatMoney(-used, invoice.currency)}</td></tr>`;
}
