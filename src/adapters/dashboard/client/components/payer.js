/**
 * @import { Page } from "./ui.js"
 */

import { html } from "htm/preact";
import { cardText, payerLines } from "../payer_view.js";
import { SectionError, Skeleton } from "./ui.js";

/** What is charged, and whom invoices name, as Stripe knows it now. @param {{ page: Page }} props */
export function Payer({ page }) {
  const { i18n, state } = page;
  const { value, error } = state.parts.details;
  if (value === null) {
    return (
      error === null &&
      html`<div class="pending"><dt>${i18n.t("paymentMethod")}</dt><dd><${Skeleton} lines=${1} /></dd></div>`
    );
  }
  const [card, lines] = [cardText(value, i18n), payerLines(value, i18n)];
  return html`
    ${card && html`<div><dt>${i18n.t("paymentMethod")}</dt><dd>${card}</dd></div>`}
    ${
      lines.length > 0 &&
      html`<div>
        <dt>${i18n.t("billedTo")}</dt>
        ${lines.map((line, index) => html`<dd key=${index}>${line}</dd>`)}
      </div>`
    }
  `;
}

/** That it could not be learnt. @param {{ page: Page }} props */
export function PayerError({ page }) {
  const { i18n, state, controller } = page;
  const { value, error } = state.parts.details;
  return (
    value === null &&
    error !== null &&
    html`<${SectionError}
      page=${page}
      what=${i18n.t("billedToUnknown")}
      error=${error}
      retry=${() => controller.load(["details"])}
    />`
  );
}
