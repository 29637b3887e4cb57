import { Router } from "express";
import { formatMoney } from "../engine/money.ts";
import type { WireInvoice } from "../state/wire.ts";
import { type Html, html } from "./html.ts";
import { formatDate, messagePage, sendPage } from "./layout.ts";
import type { PagePorts } from "./page_ports.ts";
import { invoiceBadge } from "./status_badge.ts";

/** The printable invoices under `/i`; an invoice's unguessable id opens it. */
export function createInvoicePage({ account }: PagePorts): Router {
  const router = Router();
  router.get("/:invoice", (request, response) => {
    account.catchUp();
    const invoice = account.state.invoices.get(String(request.params.invoice));
    if (invoice === undefined || invoice.status === "draft") {
      sendPage(response, messagePage("Not found", "There is no such invoice.", { status: 404 }));
      return;
    }
    sendPage(response, { title: `Invoice ${invoice.number}`, body: invoiceBody(invoice) });
  });
  return router;
}

function invoiceBody(invoice: WireInvoice): Html {
  const money = (amount: number) => formatMoney(amount, invoice.currency);
  const tax = (invoice.total_taxes ?? []).reduce((sum, { amount }) => sum + amount, 0);
  const { finalized_at: finalizedAt, paid_at: paidAt } = invoice.status_transitions;
  return html`<section class="card">
<p class="head"><span class="soft">Sandbox invoice</span>${invoiceBadge(invoice)}</p>
<h1>Invoice ${invoice.number}</h1>
<dl class="facts">
<div><dt>Billed to</dt>
<dd>${invoice.customer_name ?? invoice.customer_email ?? invoice.customer}</dd></div>
${finalizedAt && html`<div><dt>Issued</dt><dd>${formatDate(finalizedAt)}</dd></div>`}
${paidAt && html`<div><dt>Paid</dt><dd>${formatDate(paidAt)}</dd></div>`}
</dl>
<table class="sums"><caption class="unseen">Items</caption><tbody>${invoice.lines.data.map(
    (line) => html`<tr class="ruled"><th scope="row">${line.description}
<span class="soft small period">${formatDate(line.period.start)} –
${formatDate(line.period.end)}</span></th>
<td>${money(line.amount)}</td></tr>`,
  )}
${tax > 0 && html`<tr class="ruled"><th scope="row">VAT</th><td>${money(tax)}</td></tr>`}
<tr class="ruled total"><th scope="row">Total</th><td>${money(invoice.total)}</td></tr>
<tr class="total"><th scope="row">Amount due</th><td>${money(invoice.amount_remaining)}</td></tr>
</tbody></table>
</section>
<p class="screen soft small">Print this page to keep the invoice.</p>`;
}
