/**
 * @import { Failure } from "../failure.js"
 * @import { Page } from "./ui.js"
 */

import { html } from "htm/preact";
import { isPassing } from "../failure.js";
import { failureText, remedyOf } from "../failure_view.js";
import { Button, NewTab } from "./ui.js";

/**
 * @param {{ page: Page, leave: () => void, action: string, go: () => unknown,
 *   label: string | undefined }} props without a label there is nothing to go on to
 */
export function Foot({ page, leave, action, go, label }) {
  return html`
    <div class="dialog-foot">
      <${Button} page=${page} onClick=${leave}>${page.i18n.t("dialogBack")}<//>
      ${
        label !== undefined &&
        html`<${Button} page=${page} kind="primary" action=${action} onClick=${go}>${label}<//>`
      }
    </div>
  `;
}

/**
 * Why the last press led nowhere.
 *
 * @param {{ page: Page, unpause?: () => void }} props `unpause` asks about the end of the pause
 */
export function Problem({ page, unpause }) {
  const { notice } = page.state;
  return (
    notice?.type === "failed" &&
    html`<div class="problem" role="alert">
      <p>${failureText(notice.failure, page.i18n)}</p>
      <${Remedy} page=${page} error=${notice.failure} unpause=${unpause} />
    </div>`
  );
}

/** @param {{ page: Page, error: Failure, retry: () => unknown, unpause: () => void }} props */
export function Refusal({ page, error, retry, unpause }) {
  const { i18n } = page;
  return html`
    <div class="refusal">
      <p>${failureText(error, i18n)}</p>
      <${Remedy} page=${page} error=${error} unpause=${unpause} />
      ${isPassing(error) && html`<${Button} page=${page} onClick=${retry}>${i18n.t("retry")}<//>`}
    </div>
  `;
}

/**
 * What has to be done first, if anything.
 *
 * @param {{ page: Page, error: Failure, unpause: (() => void) | undefined }} props
 */
function Remedy({ page, error, unpause }) {
  const { i18n, controller } = page;
  const remedy = remedyOf(error, i18n);
  if (remedy === null) {
    return null;
  }
  const { type, label } = remedy;
  if (type === "pay") {
    return html`<a
      class="button primary"
      part="button primary-button"
      href=${error.invoiceUrl}
      target="_blank"
      rel="noopener noreferrer"
      onClick=${() => controller.paysElsewhere()}
    >${label}<${NewTab} page=${page} /></a>`;
  }
  const press = {
    resume: unpause,
    card: () => controller.openPortal("payment_method_update", "card"),
    portal: () => controller.openPortal("home", "portal"),
  }[type];
  return html`
    <${Button} page=${page} kind="primary" action=${type} onClick=${press}>${label}<//>
  `;
}
