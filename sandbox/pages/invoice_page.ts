import { Router } from "express";
import { formatMoney } from "../engine/money.ts";
import type { WireInvoice } from "../state/wire.ts";
import { type Html, html } from "./html.ts";
import { formatDate, messagePage, sendPage } from "./layout.ts";
import type { PagePorts } from "./pages.ts";

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
  return html`<h1>Invoice ${invoice.number}</h1>
<p>${finalizedAt && `Issued ${formatDate(finalizedAt)}`}<br>
${paidAt ? `Paid ${formatDate(paidAt)}` : `Status: ${invoice.status}`}</p>
<p>Billed to ${invoice.customer_name ?? invoice.customer_email ?? invoice.customer}</p>
<div class="scroll"><table>
<thead><tr><th>Description</th><th>Period</th><th class="number">Amount</th></tr></thead>
<tbody>${invoice.lines.data.map(
    (line) => html`<tr><td>${line.description}</td>
<td>${formatDate(line.period.start)} – ${formatDate(line.period.end)}</td>
<td class="number">${money(line.amount)}</td></tr>`,
  )}</tbody>
<tfoot>
${tax > 0 && html`<tr><th colspan="2">VAT</th><td class="number">${money(tax)}</td></tr>`}
<tr><th colspan="2">Total</th><td class="number">${money(invoice.total)}</td></tr>
<tr><th colspan="2">Amount due</th><td class="number">${money(invoice.amount_remaining)}</td></tr>
</tfoot>
</table></div>
<p class="screen soft">Print this page to keep the invoice.</p>`;
}
