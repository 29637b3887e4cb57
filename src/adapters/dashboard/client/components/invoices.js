/**
 * @import { MessageKey } from "../messages.js"
 * @import { Invoice } from "../types.js"
 * @import { Page } from "./ui.js"
 */

import { html } from "htm/preact";
import { isCustomer } from "../payer_view.js";
import { Button, Section, SectionError, Skeleton } from "./ui.js";

/** @type {Readonly<Record<Invoice["status"] | "processing", readonly [MessageKey, string]>>} */
const STATUSES = {
  paid: ["invoicePaid", "good"],
  open: ["invoiceOpen", "warning"],
  processing: ["invoiceProcessing", "info"],
  void: ["invoiceVoid", "info"],
  uncollectible: ["invoiceUncollectible", "bad"],
};

/** The invoices, newest first, with links to Stripe's pages. @param {{ page: Page }} props */
export function Invoices({ page }) {
  const { i18n, state, controller } = page;
  const { value, error } = state.parts.invoices;
  return html`
    <${Section}
      page=${page}
      id="invoices-title"
      class="invoices"
      title=${i18n.t("invoices")}
      aside=${html`<${Details} page=${page} />`}
    >
      <div class="card" part="card">
        ${value === null && error === null && html`<${Skeleton} lines=${4} />`}
        ${
          value === null &&
          error !== null &&
          html`<${SectionError} page=${page} error=${error} retry=${() => controller.load(["invoices"])} />`
        }
        ${value?.data.length === 0 && html`<p class="soft empty">${i18n.t("invoicesEmpty")}</p>`}
        ${value !== null && value.data.length > 0 && html`<${Table} page=${page} invoices=${value.data} />`}
        ${
          value?.meta.nextCursor &&
          html`<div class="more">
            <${Button} page=${page} kind="quiet" onClick=${() => controller.loadOlderInvoices()}>
              ${i18n.t("invoiceMore")}
            <//>
          </div>`
        }
      </div>
    <//>
  `;
}

/**
 * Leads to where e-mail, address and VAT id of the invoices are changed, also for those who pay
 * nothing any more.
 *
 * @param {{ page: Page }} props
 */
function Details({ page }) {
  const { i18n, state, controller } = page;
  const { subscription, invoices, details } = state.parts;
  return (
    subscription.value?.mayPay &&
    isCustomer({
      subscription: subscription.value,
      invoices: invoices.value?.data.length ?? 0,
      details: details.value,
    }) &&
    html`<${Button} page=${page} action="details" onClick=${() => controller.openPortal("home", "details")}>
      ${i18n.t("billingDetails")}
    <//>`
  );
}

/** @param {{ page: Page, invoices: readonly Invoice[] }} props */
function Table({ page, invoices }) {
  const { i18n } = page;
  return html`
    <table class="invoice-table" part="table">
      <thead>
        <tr>
          <th scope="col">${i18n.t("invoiceDate")}</th>
          <th scope="col">${i18n.t("invoiceNumber")}</th>
          <th scope="col" class="amount">${i18n.t("invoiceAmount")}</th>
          <th scope="col">${i18n.t("invoiceStatus")}</th>
          <th scope="col" class="links"><span class="unseen">${i18n.t("invoiceLinks")}</span></th>
        </tr>
      </thead>
      <tbody>
        ${invoices.map((invoice) => html`<${Row} key=${invoice.id} page=${page} invoice=${invoice} />`)}
      </tbody>
    </table>
  `;
}

/** @param {{ page: Page, invoice: Invoice }} props */
function Row({ page, invoice }) {
  const { i18n, controller } = page;
  const [status, tone] = STATUSES[invoice.processing ? "processing" : invoice.status];
  const number = invoice.number ?? i18n.t("invoiceNone");
  const named = invoice.number ?? i18n.shortDate(invoice.date);
  const link = (
    /** @type {string | null} */ url,
    /** @type {MessageKey} */ text,
    /** @type {MessageKey} */ name,
  ) =>
    url !== null &&
    html`<a
      href=${url}
      target="_blank"
      rel="noopener noreferrer"
      aria-label=${i18n.t(name, { number: named })}
      onClick=${() => controller.paysElsewhere()}
    >${i18n.t(text)}</a>`;
  return html`
    <tr>
      <td class="date">${i18n.shortDate(invoice.date)}</td>
      <td class="number soft">${number}</td>
      <td class="amount">${i18n.money(invoice.amount, invoice.currency)}</td>
      <td class="status"><span class=${`badge ${tone}`} part="badge">${i18n.t(status)}</span></td>
      <td class="links">
        ${
          invoice.status === "open" && !invoice.processing
            ? link(invoice.hostedUrl, "invoicePay", "invoicePayName")
            : link(invoice.hostedUrl, "invoiceView", "invoiceViewName")
        }
        ${link(invoice.pdfUrl, "invoicePdf", "invoicePdfName")}
      </td>
    </tr>
  `;
}
